import type { Dataset } from '@jupyterflow/schema';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { planScaffold } from './plan';

/** What of JupyterLab's contents the scaffolding needs. */
export type Files = Pick<Contents.IManager, 'get' | 'save'>;

/**
 * Makes the directories of a dataset below the home and answers their paths. Directories that exist stay as they are.
 *
 * @throws Error in words: a name that is no plain name, or a file that is in the way.
 */
export async function scaffold(
  dataset: Pick<Dataset, 'name' | 'structure' | 'title'>,
  files: Files,
  trans: TranslationBundle
): Promise<readonly string[]> {
  const plan = planScaffold(dataset);
  if (!plan.ok) {
    throw new Error(
      trans.__('The folders of %1 were not made: “%2” is not a safe name for a folder.', dataset.title, plan.name)
    );
  }
  for (const path of plan.paths) {
    const type = await typeOf(path, files);
    if (type === undefined) {
      await files.save(path, { type: 'directory' });
    } else if (type !== 'directory') {
      throw new Error(trans.__('A file named %1 is in the way. Rename it, then make the folders again.', path));
    }
  }
  return plan.paths;
}

/** What lies at a path; undefined when nothing does. */
async function typeOf(path: string, files: Files): Promise<string | undefined> {
  try {
    return (await files.get(path, { content: false })).type;
  } catch (error) {
    if ((error as { response?: { status?: number } }).response?.status === 404) {
      return undefined;
    }
    throw error;
  }
}
