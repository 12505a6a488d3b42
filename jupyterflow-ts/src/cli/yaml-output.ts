import { Document } from 'yaml';

/** YAML that readers of versions 1.1 and 1.2 understand alike; long texts stay on one line. */
export function toYaml(value: unknown): string {
  return new Document(value, { version: '1.1', aliasDuplicateObjects: false }).toString({
    lineWidth: 0,
    directives: false
  });
}
