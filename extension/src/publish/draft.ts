import type { DatasetDraft } from '@jupyterflow/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isName, parseFolders } from '../scaffold/plan';
import { formatDuration, HOUR, parseDuration } from '../words/duration';

/** The publishing form as it is typed. */
export interface PublishForm {
  readonly title: string;
  readonly name: string;
  readonly description: string;
  readonly tags: string;
  readonly size: string;
  readonly licence: string;
  readonly columns: string;
  readonly folders: string;
  readonly path: string;
  readonly people: string;
  readonly hours: string;
  readonly approval: 'auto' | 'owner';
  readonly purposes: string;
}

export const EMPTY_FORM: PublishForm = {
  title: '',
  name: '',
  description: '',
  tags: '',
  size: '',
  licence: '',
  columns: '',
  folders: '',
  path: '',
  people: '1',
  hours: '8',
  approval: 'auto',
  purposes: ''
};

export type PublishErrors = Partial<Record<keyof PublishForm, string>>;

const MOST_PEOPLE = 1000;
const MOST_HOURS = 9999;

/** A short name made from a title, or '' when nothing of the title may be in one. */
export function nameFrom(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

/** What is wrong with each field, in words; empty when the form can be sent. */
export function checkForm(form: PublishForm, trans: TranslationBundle): PublishErrors {
  const folders = parseFolders(form.folders);
  const errors: Record<keyof PublishForm, string | undefined> = {
    title: limit(form.title, 200, trans) ?? (form.title.trim() ? undefined : trans.__('Give it a title.')),
    name:
      form.name === '' || isName(form.name)
        ? undefined
        : trans.__('Small letters, digits and hyphens; the first is a letter; at most 63.'),
    description: limit(form.description, 10_000, trans),
    tags: listLimit(form.tags, 30, 50, trans),
    size: limit(form.size, 100, trans),
    licence: limit(form.licence, 200, trans),
    columns: listLimit(form.columns, 1000, 200, trans),
    folders: 'wrong' in folders ? trans.__('“%1” is not a path of folders.', folders.wrong) : undefined,
    path: pathError(form.path.trim(), trans),
    people: whole(form.people, MOST_PEOPLE) ? undefined : trans.__('A whole number from 1 to %1.', MOST_PEOPLE),
    hours: whole(form.hours, MOST_HOURS) ? undefined : trans.__('A whole number from 1 to %1.', MOST_HOURS),
    approval: undefined,
    purposes: listLimit(form.purposes, 50, 200, trans)
  };
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== undefined));
}

/** What is sent for a form without errors. Fields that are left empty are left out. */
export function draftOf(form: PublishForm): DatasetDraft {
  const folders = parseFolders(form.folders);
  const texts = { name: form.name, description: form.description, size: form.size, licence: form.licence };
  const lists = { tags: words(form.tags), columns: words(form.columns) };
  const given = <T extends { length: number }>(entries: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).filter(([, value]) => value.length > 0));
  return {
    title: form.title.trim(),
    ...given(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.trim()]))),
    ...given(lists),
    ...('folders' in folders && folders.folders.length > 0 ? { structure: folders.folders } : {}),
    policy: {
      concurrency: Number(form.people),
      approval: form.approval,
      maxDuration: formatDuration(Number(form.hours) * HOUR),
      ...given({ purposes: words(form.purposes) })
    },
    storage: { kind: 'directory', path: form.path.trim() }
  };
}

/** Words between commas or on lines of their own. */
export function words(text: string): string[] {
  return [...new Set(text.split(/[,\n]/).map(word => word.trim()))].filter(Boolean);
}

/** The bound and the default of how long a dataset may be used, in milliseconds. */
export function useDurations(maxDuration: string): { readonly most: number; readonly usual: number } {
  const most = parseDuration(maxDuration) ?? 4 * HOUR;
  return { most, usual: Math.min(4 * HOUR, most) };
}

function limit(text: string, most: number, trans: TranslationBundle): string | undefined {
  return text.trim().length > most ? trans.__('At most %1 characters.', most) : undefined;
}

function listLimit(text: string, most: number, longest: number, trans: TranslationBundle): string | undefined {
  const list = words(text);
  if (list.length > most) {
    return trans.__('At most %1 of them.', most);
  }
  return list.some(word => word.length > longest) ? trans.__('Each at most %1 characters.', longest) : undefined;
}

function pathError(path: string, trans: TranslationBundle): string | undefined {
  if (path === '') {
    return trans.__('Say where the data lies.');
  }
  const inside = !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
  return inside ? limit(path, 1000, trans) : trans.__('A path below your organization’s data root, without “..”.');
}

function whole(text: string, most: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;
}
