import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedLedger } from '../embedded/open.js';
import { Party } from '../scenario.js';
import { bin, logOfOne, run } from '../testing/command.js';

let folder: string;
beforeEach(async () => {
  ({ folder } = await logOfOne());
});
afterEach(() => rm(folder, { recursive: true }));

describe('what others wrote does not steer the terminal', () => {
  const steering = /[^\P{Cc}\n]|\p{Cf}/u;

  test('a log whose key has a name of escape sequences has no key', async () => {
    const own = (await readFile(join(folder, 'log.pub'), 'utf8')).trim();
    for (const name of ['x\u001b[2Jok:', 'x\u009b2J', 'x\u202e']) {
      await writeFile(join(folder, 'log.pub'), `${named(name, own)}\n`);
      const verified = await run('verify', folder);
      expect(verified).toMatchObject({ code: 1, stderr: '' });
      expect(verified.stdout).toMatch(/^bad: log\.pub: The log in .* is damaged: log\.pub is missing or damaged\./);
      expect((await run('fsck', folder)).stdout).not.toMatch(steering);
      expect(await run('verify', folder, '--key', named(name, own))).toMatchObject({
        code: 2,
        stderr: 'error INVALID: --key must be a line such as that in log.pub: name+hash+key\n'
      });
    }
  });

  test('a description is shown without them, and as JSON with escapes that mean the same', async () => {
    const title = 'Two \u202e evil \u009b31m x \u{e0041}';
    const ledger = await openEmbeddedLedger({ folder });
    const uio = new Party('uis', 'ola');
    await ledger.submit(uio.joins(Date.now()));
    const { envelope } = uio.publishes('d', Date.now());
    const command = { ...envelope.command, description: { title } } as typeof envelope.command;
    expect(await ledger.submit(uio.signs(command, Date.now()))).toMatchObject({ ok: true });
    await ledger.close();
    const text = (await run('show', folder, '--dataset', 'd')).stdout;
    expect(text).toContain('"title": "Two \ufffd evil \ufffd31m x \ufffd"');
    expect(text).not.toMatch(steering);
    const json = (await run('show', folder, '--dataset', 'd', '-o', 'json')).stdout;
    expect(json).not.toMatch(steering);
    expect(JSON.parse(json)).toMatchObject({ record: { description: { title } } });
  });

  /** The line of a key under another name, with the hash that fits it. */
  function named(name: string, line: string): string {
    const key = line.slice(line.indexOf('+', line.indexOf('+') + 1) + 1);
    const hash = createHash('sha256').update(`${name}\n`).update(Buffer.from(key, 'base64')).digest('hex').slice(0, 8);
    return `${name}+${hash}+${key}`;
  }
});

describe('output that cannot be written', () => {
  const into = async (stdout: 'pipe' | number, ...args: string[]) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', stdout, 'pipe'], env: {} });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stderr };
  };

  test.each([
    ['verify', '-o', 'json'],
    ['show', '--entry', '0'],
    ['fsck', '-o', 'text']
  ])('whoever reads it has seen enough: %s ends quietly, with its verdict', async (command, ...flags) => {
    expect(await into('pipe', command, folder, ...flags)).toEqual({ code: 0, stderr: '' });
  });

  test('whoever reads it has seen enough: of a damaged log too', async () => {
    await writeFile(join(folder, 'log.jsonl'), 'x\n');
    expect(await into('pipe', 'verify', folder)).toEqual({ code: 1, stderr: '' });
    expect(await into('pipe', '--help')).toEqual({ code: 0, stderr: '' });
  });

  // Only Linux has a device that is always full.
  (existsSync('/dev/full') ? test : test.skip)(
    'a full disk (/dev/full): it says so, and gives no verdict',
    async () => {
      for (const args of [['verify', folder], ['show', folder, '-o', 'json'], ['--help']]) {
        const full = await open('/dev/full', 'w');
        expect(await into(full.fd, ...args)).toEqual({
          code: 2,
          stderr: "error IO: The output can't be written (ENOSPC). Make room for it, or write it elsewhere.\n"
        });
        await full.close();
      }
    }
  );
});
