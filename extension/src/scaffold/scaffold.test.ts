import type { Folder } from '@jupyterflow/schema';
import { dataset, trans } from '../testing/fixtures';
import { folderLines, parseFolders, planScaffold } from './plan';
import { scaffold, type Files } from './scaffold';

const nested: Folder[] = [{ name: 'notebooks' }, { name: 'results', folders: [{ name: 'figures' }] }];

describe('planning the folders of a dataset', () => {
  test('parents come first', () => {
    expect(planScaffold(dataset({ structure: nested }))).toEqual({
      ok: true,
      paths: [
        'penguins-biscoe',
        'penguins-biscoe/notebooks',
        'penguins-biscoe/results',
        'penguins-biscoe/results/figures'
      ]
    });
  });

  test.each(['..', '../..', '/etc', 'a/b', 'a\\b', '.ssh', '', ' ', 'a\u0000b', 'a\n', 'drive:x', 'x'.repeat(101)])(
    'a folder named %j makes nothing at all',
    name => {
      expect(planScaffold(dataset({ structure: [{ name: 'fine' }, { name: 'deep', folders: [{ name }] }] }))).toEqual({
        ok: false,
        name
      });
    }
  );

  test.each(['..', '.', '/', 'UPPER', 'a/b', '-x', ''])('a dataset named %j makes nothing at all', name => {
    expect(planScaffold(dataset({ name }))).toEqual({ ok: false, name });
  });

  test('too many folders make nothing at all', () => {
    const structure = Array.from({ length: 600 }, (_, n) => ({ name: `f${n}` }));
    expect(planScaffold(dataset({ structure }))).toEqual({ ok: false, name: 'f499' });
  });

  test('too deep a nesting makes nothing at all', () => {
    const deep = Array.from({ length: 12 }).reduce<Folder>(inside => ({ name: 'd', folders: [inside] }), {
      name: 'last'
    });
    expect(planScaffold(dataset({ structure: [deep] })).ok).toBe(false);
  });
});

describe('folders as text', () => {
  test('what was written is what is read', () => {
    const text = folderLines(nested).join('\n');
    expect(text).toBe('notebooks\nresults/figures');
    expect(parseFolders(text)).toEqual({ folders: nested });
  });

  test('lines share their parents; empty lines and a last slash count for nothing', () => {
    expect(parseFolders('a/b\n\n a/c/ \n')).toEqual({
      folders: [{ name: 'a', folders: [{ name: 'b' }, { name: 'c' }] }]
    });
  });

  test.each(['../x', '/abs', 'a//b', 'a/.git'])('%s is no path of folders', line => {
    expect(parseFolders(`fine\n${line}`)).toEqual({ wrong: line });
  });
});

describe('making the folders', () => {
  /** A home in memory with the errors of the Contents API. */
  function home(existing: Record<string, string> = {}): Files & { readonly made: string[] } {
    const made: string[] = [];
    return {
      made,
      get: path =>
        existing[path] === undefined
          ? Promise.reject(Object.assign(new Error('Not found'), { response: { status: 404 } }))
          : Promise.resolve({ type: existing[path] } as never),
      save: path => {
        made.push(path);
        existing[path] = 'directory';
        return Promise.resolve({} as never);
      }
    };
  }
  const one = dataset({ structure: nested });

  test('makes each, parents first', async () => {
    const files = home();
    await scaffold(one, files, trans);
    expect(files.made).toEqual([
      'penguins-biscoe',
      'penguins-biscoe/notebooks',
      'penguins-biscoe/results',
      'penguins-biscoe/results/figures'
    ]);
  });

  test('leaves those that exist as they are', async () => {
    const files = home({ 'penguins-biscoe': 'directory', 'penguins-biscoe/results': 'directory' });
    await scaffold(one, files, trans);
    expect(files.made).toEqual(['penguins-biscoe/notebooks', 'penguins-biscoe/results/figures']);
  });

  test('says which file is in the way', async () => {
    await expect(scaffold(one, home({ 'penguins-biscoe': 'file' }), trans)).rejects.toThrow(
      'A file named penguins-biscoe is in the way. Rename it, then make the folders again.'
    );
  });

  test('says which name is not safe, and makes nothing', async () => {
    const files = home();
    await expect(scaffold(dataset({ structure: [{ name: '..' }] }), files, trans)).rejects.toThrow(
      'The folders of Penguins of Biscoe were not made: “..” is not a safe name for a folder.'
    );
    expect(files.made).toEqual([]);
  });
});
