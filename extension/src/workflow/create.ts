import type { Contents } from '@jupyterlab/services';

/** What of JupyterLab's contents a new file needs. */
export type Files = Pick<Contents.IManager, 'newUntitled' | 'save' | 'rename' | 'delete'>;

const MOST_TRIES = 100;

/** Paths for a new workflow in a folder, the best first: workflow.yaml, workflow-1.yaml, ... */
function* candidates(folder: string): Generator<string> {
  const prefix = folder === '' ? '' : `${folder}/`;
  for (let n = 0; n < MOST_TRIES; n++) {
    yield `${prefix}workflow${n === 0 ? '' : `-${n}`}.yaml`;
  }
}

/**
 * Writes a new workflow file in a folder and answers its path. The file gets its name by a rename, which the server
 * refuses when that name is taken: a file that exists is never overwritten, not even by two windows at once.
 */
export async function createWorkflow(folder: string, text: string, files: Files): Promise<string> {
  const { path } = await files.newUntitled({ path: folder, type: 'file', ext: '.yaml' });
  try {
    await files.save(path, { type: 'file', format: 'text', content: text });
    for (const candidate of candidates(folder)) {
      try {
        return (await files.rename(path, candidate)).path;
      } catch (error) {
        if ((error as { response?: { status?: number } }).response?.status !== 409) {
          throw error;
        }
      }
    }
    return path;
  } catch (error) {
    await files.delete(path).catch(() => undefined);
    throw error;
  }
}

/** The folder for a new workflow: the one wished for, unless a dataset is mounted over it; then the home. */
export function workflowFolder(wish: string, mounted: readonly string[]): string {
  const first = wish.split('/')[0] ?? '';
  return mounted.includes(first) ? '' : wish;
}
