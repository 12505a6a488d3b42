// Reads a YAML file, and writes the object of a JSON file as YAML: what no compiler from one to the other can leave out.
import { readFileSync } from 'node:fs';
import { Document, parse } from 'yaml';

const [source, target] = process.argv.slice(2);
parse(readFileSync(source, 'utf8'));
const object = JSON.parse(readFileSync(target, 'utf8'));
process.stdout.write(
  new Document(object, { version: '1.1', aliasDuplicateObjects: false }).toString({ lineWidth: 0, directives: false })
);
