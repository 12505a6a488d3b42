import { makeProgram } from '../program.js';
import { complete } from './candidates.js';

const words = (line: string): readonly string[] => {
  const { candidates, files, wanted } = complete(
    makeProgram(() => undefined),
    line.split(' ')
  );
  return [
    ...candidates.map(({ word }) => word),
    ...(files === true ? ['FILES'] : []),
    ...(wanted === undefined ? [] : [wanted])
  ];
};

test.each([
  ['va', ['validate']],
  ['datasets re', ['renew', 'release']],
  ['supervis', []],
  ['run --st', ['--stop-on-interrupt']],
  ['run --debu', []],
  ['--deb', ['--debug']],
  ['run --he', ['--help']],
  ['run -o ', ['name', 'json', 'yaml', 'jsonpath=']],
  ['run --output=j', ['--output=json', '--output=jsonpath=']],
  ['graph -o d', ['dot']],
  ['list --state Su', ['Succeeded']],
  ['--color a', ['auto', 'always']],
  ['run -f ', ['FILES']],
  ['run -f wor', ['FILES']],
  ['run --only ', ['jobs-of-file']],
  ['run -f x.yaml --from ', ['jobs-of-file']],
  ['get ', ['@latest', 'runs']],
  ['get @', ['@latest', 'runs']],
  ['get demo ', []],
  ['delete demo ', ['@latest', 'runs']],
  ['logs demo --job ', ['jobs-of-run']],
  ['logs --tail 5 ', ['@latest', 'runs']],
  ['datasets lease ', ['datasets']],
  ['datasets list x', []],
  ['completion f', ['fish']],
  ['run --timeout ', []],
  ['nonsense ', []]
])('jupyterflow %s', (line, found) => {
  expect(words(line)).toEqual(found);
});

test('flags before it are known', () => {
  const program = makeProgram(() => undefined);
  expect(complete(program, ['run', '--local', '-f', 'a.yaml', '--platform=x', '--only', ''])).toMatchObject({
    flags: { local: 'true', filename: 'a.yaml', platform: 'x' },
    wanted: 'jobs-of-file'
  });
});
