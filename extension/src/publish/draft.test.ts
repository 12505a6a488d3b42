import { trans } from '../testing/fixtures';
import { checkForm, draftOf, EMPTY_FORM, nameFrom, useDurations } from './draft';
import { HOUR } from '../words/duration';

const form = { ...EMPTY_FORM, title: 'Penguins', path: 'penguins/biscoe' };

test('the smallest form that can be sent', () => {
  expect(checkForm(form, trans)).toEqual({});
  expect(draftOf(form)).toEqual({
    title: 'Penguins',
    policy: { concurrency: 1, approval: 'auto', maxDuration: 'PT8H' },
    storage: { kind: 'directory', path: 'penguins/biscoe' }
  });
});

test('a form with everything in it', () => {
  const full = {
    ...form,
    name: 'penguins',
    description: ' Birds. ',
    tags: 'birds, antarctic, birds',
    size: '168 rows',
    licence: 'CC0-1.0',
    columns: 'species\nisland',
    folders: 'results/figures',
    people: '3',
    hours: '48',
    approval: 'owner' as const,
    purposes: 'research\nteaching'
  };
  expect(checkForm(full, trans)).toEqual({});
  expect(draftOf(full)).toEqual({
    title: 'Penguins',
    name: 'penguins',
    description: 'Birds.',
    size: '168 rows',
    licence: 'CC0-1.0',
    tags: ['birds', 'antarctic'],
    columns: ['species', 'island'],
    structure: [{ name: 'results', folders: [{ name: 'figures' }] }],
    policy: { concurrency: 3, approval: 'owner', maxDuration: 'PT48H', purposes: ['research', 'teaching'] },
    storage: { kind: 'directory', path: 'penguins/biscoe' }
  });
});

test.each([
  [{ title: ' ' }, { title: 'Give it a title.' }],
  [{ name: 'Upper Case' }, { name: 'Small letters, digits and hyphens; the first is a letter; at most 63.' }],
  [{ path: '' }, { path: 'Say where the data lies.' }],
  [{ path: '/etc' }, { path: 'A path below your organization’s data root, without “..”.' }],
  [{ path: 'a/../..' }, { path: 'A path below your organization’s data root, without “..”.' }],
  [{ people: '0' }, { people: 'A whole number from 1 to 1000.' }],
  [{ people: '1.5' }, { people: 'A whole number from 1 to 1000.' }],
  [{ hours: 'many' }, { hours: 'A whole number from 1 to 9999.' }],
  [{ folders: 'ok\n../up' }, { folders: '“../up” is not a path of folders.' }],
  [{ tags: Array.from({ length: 31 }, (_, n) => `t${n}`).join() }, { tags: 'At most 30 of them.' }],
  [{ size: 'x'.repeat(101) }, { size: 'At most 100 characters.' }]
])('%j is told at its field', (fields, errors) => {
  expect(checkForm({ ...form, ...fields }, trans)).toEqual(errors);
});

test.each([
  ['Penguins of Biscoe', 'penguins-of-biscoe'],
  ['  Årsrapport 2026! ', 'arsrapport-2026'],
  ['2026 data', 'data'],
  ['日本', '']
])('the title %j suggests the name %j', (title, name) => {
  expect(nameFrom(title)).toBe(name);
});

test.each([
  ['PT8H', { most: 8 * HOUR, usual: 4 * HOUR }],
  ['PT1H', { most: HOUR, usual: HOUR }]
])('of at most %s, 4 hours or less are usual', (most, durations) => {
  expect(useDurations(most)).toEqual(durations);
});
