import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ajv from 'ajv';
import fc from 'fast-check';
import type { Plan, PlanCondition, PlanJob, PlanReference, PlanText } from '../plan/plan.js';
import { toArgo } from './argo.js';
import { ARGO_VERSIONS, type Json, type Manifest } from './manifest.js';

const schemaOf = (version: string): object =>
  JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../test-data/argo-${version}.schema.json`, import.meta.url)), 'utf8')
  ) as object;
const validators = {
  '3.5': new ajv.Ajv({ strict: false }).compile(schemaOf('3.5')),
  '3.6': new ajv.Ajv({ strict: false }).compile(schemaOf('3.6')),
  '4': new ajv.Ajv({ strict: false }).compile(schemaOf('4.0'))
};

const name = fc.stringMatching(/^[a-zA-Z][-a-zA-Z0-9]{0,12}$/).filter(text => text !== 'dag');
const word = fc.oneof(fc.constantFrom('a', '{{x}}', '$(HOME)', '{{=1}}', '', '{'), fc.string());
const maybe = <T>(key: string, value: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map(one => (one === undefined ? {} : { [key]: one }));

/** A group of one or several jobs, which may refer to those of the groups before. */
const group = fc.record({
  name,
  copies: fc.integer({ min: 0, max: 3 }),
  dynamic: fc.boolean(),
  parents: fc.array(fc.nat(), { maxLength: 3 }),
  refers: fc.constantFrom('output', 'status', 'none'),
  operator: fc.constantFrom('==' as const, '<' as const, '>=' as const),
  when: fc.boolean(),
  words: fc.array(word, { minLength: 1, maxLength: 3 }),
  differ: fc.boolean(),
  more: fc
    .tuple(
      maybe('script', word),
      maybe('timeout', fc.integer({ min: 1, max: 9999 })),
      maybe('walltime', fc.integer({ min: 10_000, max: 99_999 })),
      maybe('priority', fc.oneof(fc.integer(), fc.constant('urgent'))),
      maybe('site', fc.constantFrom('oslo', '__proto__')),
      maybe('workdir', fc.constantFrom('.', 'x/y', '/opt')),
      maybe('image', fc.constantFrom('a', 'b')),
      maybe('outputs', fc.constantFrom({ x: 'x.txt' }, { x: '/tmp/x', 'y.z': 'y' })),
      maybe('retry', fc.constantFrom({ backoff: 0.5, factor: 1.5, max: 60, on: 'always' }, {})),
      maybe('cache', fc.constantFrom({ files: [] }, { files: ['a'], params: ['p'] }))
    )
    .map(parts => Object.assign({}, ...parts) as Partial<PlanJob>),
  env: fc.dictionary(fc.constantFrom('A', 'B', 'PATH'), word),
  resources: fc.constantFrom({}, { cpu: '1' }, { gpu: { count: 1, type: 'a100' }, disk: '1Gi' }),
  retries: fc.nat(2)
});
type Group = typeof group extends fc.Arbitrary<infer T> ? T : never;

function planOf(groups: readonly Group[], failFast: boolean, scheduled: boolean): Plan {
  const known: string[] = [];
  const jobs = groups.flatMap((one): readonly PlanJob[] => {
    const parents = [...new Set(known.length === 0 ? [] : one.parents.map(at => known[at % known.length] ?? ''))];
    const [parent] = parents;
    const reference: PlanReference | undefined =
      parent === undefined || one.refers === 'none'
        ? undefined
        : one.refers === 'status'
          ? { kind: 'status', job: parent }
          : { kind: 'output', job: parent, output: 'x' };
    const condition: PlanCondition | undefined =
      reference === undefined || !one.when
        ? undefined
        : { kind: one.operator, left: reference, right: one.words[0] ?? '' };
    const list =
      one.dynamic && parent !== undefined ? ({ kind: 'output', job: parent, output: 'x' } as const) : undefined;
    const count = list === undefined ? one.copies : 0;
    known.push(one.name);
    return Array.from({ length: Math.max(1, count) }, (_, at): PlanJob => {
      const texts: PlanText[] = [...one.words];
      if (reference !== undefined) texts.push(['x{', reference, '$']);
      if (list !== undefined) texts.push([{ kind: 'item', key: 'k' }], [{ kind: 'item' }]);
      if (one.differ && count > 1) texts.push(`copy ${at}`);
      return {
        name: count > 1 ? `${one.name}-${at}` : one.name,
        ...(count > 1 ? { group: one.name } : {}),
        argv: texts,
        dependsOn: parents,
        env: Object.entries(one.env).map(([key, value]) => ({ name: key, value })),
        volumes: [],
        retries: one.retries,
        resources: one.resources,
        ...(condition === undefined ? {} : { when: condition }),
        ...(list === undefined ? {} : { foreach: list }),
        ...one.more
      };
    });
  });
  return {
    name: 'random',
    failFast,
    jobs,
    params: { p: '1' },
    ...(scheduled ? { schedule: { crons: ['* * * * *', '0 2 * * *'] } } : {})
  };
}

const plans = fc
  .record({
    groups: fc.uniqueArray(group, { minLength: 1, maxLength: 6, selector: one => one.name }),
    failFast: fc.boolean(),
    scheduled: fc.boolean()
  })
  .map(({ groups, failFast, scheduled }) => planOf(groups, failFast, scheduled))
  .filter(({ jobs }) => new Set(jobs.flatMap(({ name: own, group: of = '' }) => [own, of || own])).size >= jobs.length);

const specOf = ({ kind, spec }: Manifest): Json => (kind === 'Workflow' ? spec : (spec['workflowSpec'] as Json));

test('what is made of any plan is what Argo reads', () => {
  fc.assert(
    fc.property(plans, fc.constantFrom(...ARGO_VERSIONS), (plan, argoVersion) => {
      const cache = { digest: (text: string) => String(text.length), digestOf: (file: string) => file };
      const { objects } = toArgo(plan, { argoVersion, cache });
      for (const manifest of objects) {
        const validate = validators[argoVersion];
        validate(manifest);
        expect(validate.errors ?? []).toEqual([]);
        checkSpec(specOf(manifest), plan);
      }
    }),
    { numRuns: 200 }
  );
});

/** What the schema does not say: names, who may be waited for, and where tags may lead. */
function checkSpec(spec: Json, plan: Plan): void {
  const templates = spec['templates'] as readonly (Json & { readonly name: string })[];
  const names = templates.map(template => template.name);
  expect(new Set(names).size).toBe(names.length);
  for (const one of names) expect(one).toMatch(/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/);
  const { tasks } = templates[0]?.['dag'] as { readonly tasks: readonly Json[] };
  const known = new Set(tasks.map(task => task['name'] as string));
  expect(known.size).toBe(tasks.length);
  // Argo takes one form or the other for the whole graph.
  expect(tasks.some(task => 'depends' in task) && tasks.some(task => 'dependencies' in task)).toBe(false);
  for (const task of tasks) {
    const awaited = [
      ...((task['dependencies'] ?? []) as string[]),
      ...(((task['depends'] ?? '') as string).match(/[a-zA-Z][-a-zA-Z0-9]*(?=\.|\s|\)|$)/g) ?? []).filter(
        text => !/^(Succeeded|Failed|Errored|Skipped|Omitted)$/.test(text) || known.has(text)
      )
    ];
    for (const one of awaited) expect(known).toContain(one);
    const template = templates.find(({ name: own }) => own === task['template']);
    const inputs = (template?.['inputs'] ?? { parameters: [] }) as { readonly parameters: readonly Json[] };
    const given = (task['arguments'] ?? { parameters: [] }) as { readonly parameters: readonly Json[] };
    expect(given.parameters.map(parameter => parameter['name'])).toEqual(inputs.parameters.map(one => one['name']));
    // No text of the user is left that Argo would take for a tag.
    const tags = JSON.stringify(template).match(/\{\{.*?\}\}/g) ?? [];
    for (const tag of tags)
      expect(tag).toMatch(
        /^\{\{(inputs\.parameters\.[-\w]+|workflow\.\w+|=int\(retries\) \+ 1|=sprig\.sha256sum\(.*)\}\}$/
      );
  }
  const copies = tasks.reduce((sum, task) => sum + ((task['withItems'] as unknown[] | undefined)?.length ?? 1), 0);
  expect(copies).toBe(plan.jobs.length);
}
