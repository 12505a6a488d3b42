import { readYaml } from '../source/read.js';
import { LineTable } from '../source/lines.js';
import { isString, valueOf } from '../source/node.js';
import { EXIT, Failure } from './failure.js';

/** The key `platform` of a configuration file. */
export function readPlatform(text: string, file: string): string | undefined {
  const { root, problems } = readYaml(text);
  const [problem] = problems.filter(({ id }) => id !== 'empty-file');
  if (problem !== undefined) {
    const { line, column } = new LineTable(text).position(problem.span.start);
    throw new Failure(EXIT.usage, `${file}:${line}:${column}: ${problem.message}`, { code: 'CONFIG' });
  }
  const platform = valueOf(root, 'platform');
  if (platform === undefined) return undefined;
  if (isString(platform)) return platform.value;
  throw new Failure(EXIT.usage, `\`platform\` in ${file} must be a URL`, { code: 'CONFIG' });
}
