import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ajv, { type ValidateFunction } from 'ajv';
import { toArgo } from '../../argo/argo.js';
import { formatDiagnostics } from '../../check/format.js';
import { compile } from '../../compile.js';
import { drawGraph } from '../../graph/draw.js';
import type { Plan, PlanJob } from '../../plan/plan.js';
import { selectJobs } from '../../plan/select.js';

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const VERSIONS = [
  ['3.5', '3.5'],
  ['3.6', '3.6'],
  ['4', '4.0']
] as const;

/** The workflow files of the tests. */
export function exampleFiles(): readonly string[] {
  const folders = ['test-data/workflows', 'test-data/broken'];
  return folders.flatMap(folder =>
    readdirSync(here(folder)).flatMap(name =>
      name.endsWith('.yaml') ? [readFileSync(here(`${folder}/${name}`), 'utf8')] : []
    )
  );
}

export type Step = <T>(work: () => T) => T;

/**
 * Does with a text all that can be done with a file.
 * @param step - does one of the things that a user may wait for
 * @returns whether it is a right one
 * @throws Error when something that always holds does not
 */
export function exercise(text: string, step: Step = work => work()): boolean {
  const source = { text, file: 'workflow.yaml' };
  const { diagnostics, plan, locate, sourceOf } = step(() => compile(source));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  demand((plan === undefined) === errors.length > 0, 'a plan is there exactly when no diagnostic is an error');
  for (const { range, related } of diagnostics) {
    for (const { start, end } of [range, ...related.map(other => other.range)]) {
      demand(start.line < end.line || (start.line === end.line && start.column <= end.column), 'a range goes forward');
    }
  }
  step(() => formatDiagnostics(diagnostics.slice(0, 20), source));
  if (plan === undefined) return false;
  for (const format of ['ascii', 'mermaid', 'dot', 'svg'] as const)
    demand(step(() => drawGraph(plan, format)) !== '', 'it is drawn');
  const [first] = plan.jobs;
  if (first !== undefined) step(() => selectJobs(plan, { until: [first.name] }));
  checkNames(plan, job => sourceOf(job) !== undefined && locate(sourceOf(job) ?? []) !== undefined);
  checkManifests(plan);
  return true;
}

/** Every name that is waited for is there, and every job leads back to the file. */
function checkNames(plan: Plan, isFound: (job: string) => boolean): void {
  const names = new Set(plan.jobs.flatMap(({ name, group }) => (group === undefined ? [name] : [name, group])));
  for (const { name, dependsOn, argv } of plan.jobs) {
    demand(isFound(name), 'each job leads back to the file');
    demand(argv.length > 0, 'each job has a program');
    demand(
      dependsOn.every(parent => names.has(parent)),
      'what a job waits for is there'
    );
  }
}

let validators: readonly (readonly ['3.5' | '3.6' | '4', ValidateFunction])[] | undefined;

/** What the user writes for Argo itself is the user's; all else is a manifest that Argo takes. */
function checkManifests(plan: Plan): void {
  validators ??= VERSIONS.map(([version, schema]) => [
    version,
    new ajv.Ajv({ allErrors: false, strict: false }).compile(
      JSON.parse(readFileSync(here(`test-data/argo-${schema}.schema.json`), 'utf8')) as object
    )
  ]);
  const portable = withoutRaw(plan);
  if (plan.jobs.length > 200) return;
  for (const [argoVersion, validate] of validators) {
    const { objects, problems } = toArgo(portable, { argoVersion });
    if (problems.some(({ severity }) => severity === 'error')) continue;
    for (const object of objects) {
      demand(validate(object), `Argo ${argoVersion} takes the manifest: ${JSON.stringify(validate.errors?.[0])}`);
    }
  }
}

function withoutRaw(plan: Plan): Plan {
  const copy = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([key]) => key !== 'argo'));
  const ofJob = (job: PlanJob): PlanJob => copy(job) as PlanJob;
  const { jobs, onExit, ...rest } = copy(plan) as Plan;
  return { ...rest, jobs: jobs.map(ofJob), ...(onExit === undefined ? {} : { onExit: ofJob(onExit) }) };
}

function demand(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not so: ${what}`);
}
