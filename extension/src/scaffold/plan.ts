import type { Dataset, Folder } from '@jupyterflow/schema';

/** Where homes are, for jobs and for people. */
export const HOME = '/home/jovyan';

/** The directories to make, parents first, or why none are made. */
export type Scaffold =
  { readonly ok: true; readonly paths: readonly string[] } | { readonly ok: false; readonly name: string };

const MOST_FOLDERS = 500;
const DEEPEST = 10;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;
// Names that begin with a dot are hidden, and the Contents API refuses them.
const SEGMENT = /^(?!\.)[^/\\:\u0000-\u001f\u007f]{1,100}$/;

/** Whether a dataset's short name may be a folder below the home. */
export function isName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a text may be the name of one folder. */
export function isSegment(name: string): boolean {
  return SEGMENT.test(name) && name.trim() === name;
}

/**
 * The directories of a dataset below the home: a folder of its name and its structure in it. Names come from another
 * organization and are not trusted: with one that is no plain name, or with too many, nothing at all is made.
 */
export function planScaffold(dataset: Pick<Dataset, 'name' | 'structure'>): Scaffold {
  if (!isName(dataset.name)) {
    return { ok: false, name: dataset.name };
  }
  const paths = [dataset.name];
  const visit = (folders: readonly Folder[], parent: string, depth: number): string | undefined => {
    for (const { name, folders: inside = [] } of folders) {
      const path = `${parent}/${name}`;
      if (!isSegment(name) || depth > DEEPEST || paths.push(path) > MOST_FOLDERS) {
        return name;
      }
      const wrong = visit(inside, path, depth + 1);
      if (wrong !== undefined) {
        return wrong;
      }
    }
    return undefined;
  };
  const wrong = visit(dataset.structure, dataset.name, 1);
  return wrong === undefined ? { ok: true, paths: [...new Set(paths)] } : { ok: false, name: wrong };
}

/** The structure as text: a path a line, only the deepest. Inverse of {@link parseFolders}. */
export function folderLines(folders: readonly Folder[], parent = ''): readonly string[] {
  return folders.flatMap(({ name, folders: inside = [] }) => {
    const path = `${parent}${name}`;
    return inside.length === 0 ? [path] : folderLines(inside, `${path}/`);
  });
}

/** Reads a structure from text: a path a line, `/` nests. Tells the first line that is no path. */
export function parseFolders(text: string): { readonly folders: Folder[] } | { readonly wrong: string } {
  const folders: Folder[] = [];
  for (const line of text
    .split('\n')
    .map(one => one.trim())
    .filter(Boolean)) {
    const segments = line.replace(/\/$/, '').split('/');
    if (!segments.every(isSegment) || segments.length > DEEPEST) {
      return { wrong: line };
    }
    let level = folders;
    for (const name of segments) {
      let folder = level.find(one => one.name === name);
      if (!folder) {
        folder = { name };
        level.push(folder);
      }
      level = folder.folders ??= [];
    }
  }
  return { folders: folders.map(withoutEmpty) };
}

function withoutEmpty({ name, folders = [] }: Folder): Folder {
  return folders.length === 0 ? { name } : { name, folders: folders.map(withoutEmpty) };
}
