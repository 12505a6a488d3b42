// The machine is a folder of programs: what is in it is installed.
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { bringPrograms } from './prerequisites.mjs';
import { Steps } from './steps.mjs';

let machine;
let steps;

beforeEach(async () => {
  machine = await mkdtemp(join(tmpdir(), 'machine-'));
  await symlink('/bin/sh', join(machine, 'sh'));
  steps = new Steps({ logs: machine });
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(machine, { recursive: true });
});

const program = async (name, script) => {
  await writeFile(join(machine, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(machine, name), 0o755);
};
const bring = (...programs) => bringPrograms(steps, programs, { PATH: machine });
const asUser = uid => jest.spyOn(process, 'getuid').mockReturnValue(uid);

test('what is there is left alone', async () => {
  await program('bwrap', 'exit 0');
  await program('apt-get', 'exit 1');
  asUser(1000);
  await bring('bwrap');
  expect(console.log).not.toHaveBeenCalled();
});

test('as root a missing package is installed by the package manager', async () => {
  await program('apt-get', `echo "$@" >> ${machine}/calls`);
  asUser(0);
  await bring('bwrap', 'chromium');
  expect(await readFile(join(machine, 'calls'), 'utf8')).toBe(
    'update -q\ninstall -q -y --no-install-recommends -o DPkg::Lock::Timeout=500 bubblewrap chromium\n'
  );
});

test('as root a failed installation names the file with what it printed', async () => {
  await program('apt-get', 'echo "E: no such package"; exit 100');
  asUser(0);
  await expect(bring('bwrap')).rejects.toThrow(
    `System packages bubblewrap: apt-get ended with 100
  | $ apt-get update -q
  | E: no such package
  everything it printed: ${machine}/system-packages-bubblewrap.log`
  );
});

test.each([
  ['apt-get', 'sudo apt-get install bubblewrap chromium'],
  ['dnf', 'sudo dnf install bubblewrap chromium'],
  ['no manager that we know', 'install bubblewrap chromium']
])('without rights the one command to type is printed, with the reason: %s', async (manager, command) => {
  await program(manager, 'exit 1');
  asUser(1000);
  await expect(bring('bwrap', 'chromium')).rejects.toThrow(
    `System packages: bubblewrap (jobs and notebook servers run in its sandboxes) and chromium (the browser tests drive it) are missing. Please type:

    ${command}
`
  );
});
