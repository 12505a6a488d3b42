import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { errorWords } from '../problems';

/** Domain of all translated texts of the extension. */
export const DOMAIN = 'jupyterflow';

/** Category of the commands in the palette. Not translated: it is a name. */
export const CATEGORY = 'DataExplorer';

/** A text among the arguments of a command. */
export function textArg(args: ReadonlyPartialJSONObject, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Does something and tells people when it could not be done. Answers undefined then. */
export async function told<T>(work: Promise<T>, trans: TranslationBundle): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    Notification.error(errorWords(error, trans), { autoClose: 10_000 });
    return undefined;
  }
}

/** Asks for a yes. */
export async function confirm(title: string, body: string, accept: string, trans: TranslationBundle): Promise<boolean> {
  const buttons = [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.warnButton({ label: accept })];
  return (await showDialog({ title, body, buttons })).button.accept;
}

/** Asks which of several things is meant; the only one of one, undefined of none. */
export async function choose<T>(
  title: string,
  things: readonly T[],
  label: (thing: T) => string
): Promise<T | undefined> {
  if (things.length < 2) {
    return things[0];
  }
  const labels = things.map((thing, index) => `${index + 1}. ${label(thing)}`);
  const { value } = await InputDialog.getItem({ title, items: labels });
  return value === null ? undefined : things[labels.indexOf(value)];
}
