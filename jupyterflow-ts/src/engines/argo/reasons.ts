import { describeExit } from '../local/exit-code.js';
import { inWords } from '../local/timer.js';

/** What is known of a job beside the message of its node. */
export interface JobFacts {
  readonly image?: string;
  /** Its memory limit, as Kubernetes writes it. */
  readonly memory?: string;
  /** Longest time of one attempt, in seconds. */
  readonly timeout?: number;
  /** Longest time of all attempts together, as Go writes durations. */
  readonly longest?: string;
  /** Names of its outputs by their paths. */
  readonly outputs?: ReadonlyMap<string, string>;
  /** Longest time of the run, in seconds. */
  readonly deadline?: number;
}

/** What Argo says when a job has left no file for an output. */
export const OUTPUT_MISSING = /^wait: .*?(?:open (\S+): )?(?:no such file or directory|does not exist)/s;

/** How a message of the cluster begins or what it holds, and what it says in words. The first that fits counts. */
type Rule = readonly [pattern: RegExp, words: (match: RegExpExecArray, facts: JobFacts) => string];

const RULES: readonly Rule[] = [
  [
    /\bOOMKilled\b/,
    (_, { memory }) =>
      memory === undefined
        ? 'ran out of memory (OOMKilled)'
        : `ran out of memory: it used more than its limit of ${memory} (OOMKilled)`
  ],
  [
    /\b(?:ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull)\b(?::\s*(.*))?/s,
    (match, { image }) => `the image ${image ?? 'of the job'} can't be pulled${detail(match[1])}`
  ],
  [
    /\bCreateContainer(?:Config)?Error\b(?::\s*(.*))?/s,
    match => missingObject(match[1]) ?? `the container can't be made${detail(match[1])}`
  ],
  [/\bexceeded quota:\s*(.*)/s, match => quota(match[1] ?? '')],
  [/^Unschedulable(?::\s*(.*))?/s, match => `no node can take it${detail(match[1])}`],
  [/\blow on resource:\s*([\w-]+)/, match => `the node evicted it: it was low on ${match[1] ?? 'resources'}`],
  [/^(?:The node was low|Evicted|Preempted)\b(.*)/s, match => `the node evicted it${detail(match[1])}`],
  [/imminent node shutdown|NodeShutdown/, () => 'the node was shut down'],
  [/^pod deleted|NodeLost|node .* is (?:not ready|unreachable)/i, () => 'the node was lost, or the pod was deleted'],
  [
    /longer than the specified deadline|^DeadlineExceeded/,
    // Without a time of its own a pod has that of the run.
    (_, { timeout, deadline }) =>
      timeout === undefined ? (deadlinePassed(deadline) ?? 'timed out') : `timed out after ${inWords(timeout)}`
  ],
  [
    /^Step exceeded its deadline|^Template exceeded its deadline/i,
    (_, { deadline }) => deadlinePassed(deadline) ?? 'took too long to begin'
  ],
  [
    /^Max duration limit exceeded/,
    (_, { longest }) => `all attempts together took longer than ${longest?.replace(/^(\d+)s$/, '$1 s') ?? 'allowed'}`
  ],
  [/^workflow shutdown with strategy/, () => 'the run was stopped'],
  [
    /workflowtaskresults\S*\s+is forbidden/,
    () =>
      'the service account of the jobs may not report results: it needs `create` and `patch` on `workflowtaskresults.argoproj.io`'
  ],
  [
    /workflows must use workflowTemplateRef/i,
    () =>
      "this cluster runs registered WorkflowTemplates only (templateReferencing: Strict or Secure in the workflow controller's ConfigMap)"
  ],
  [/executable file not found in \$PATH/, () => describeExit(NOT_FOUND)],
  [/^main: \w+ \(exit code (\d+)\)(?:: (.*))?$/s, match => describeExit(Number(match[1]))],
  [/^when '.*' evaluated (?:to )?false$/is, () => 'its condition is false'],
  [/^Skipped, empty params$/, () => 'foreach goes over an empty list'],
  [OUTPUT_MISSING, (match, { outputs }) => outputMissing(match[1] ?? '', outputs)],
  // The helper beside a job, which saves its outputs and tells them to the cluster.
  [
    /^wait: \w+ \(exit code (\d+)\)(?:: (.*))?$/s,
    match =>
      `its outputs could not be saved: the helper that does it ended with exit code ${match[1] ?? ''}${detail(match[2])}`
  ],
  [/^Backoff for (.*)/s, match => `waits ${match[1] ?? 'a while'} before its next attempt`]
];

/** A message of Kubernetes or Argo in words for people; one that is not known stays as it is. */
export function inPlainWords(message: string, facts: JobFacts = {}): string {
  for (const [pattern, words] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return words(match, facts);
  }
  return message;
}

/** Exit code of a shell for a command that is not there; Argo's own for it is 64. */
const NOT_FOUND = 127;

/** `exit code 137` of `main: OOMKilled (exit code 137)`. */
export function exitCodeIn(message: string): number | undefined {
  if (/executable file not found in \$PATH/.test(message)) return NOT_FOUND;
  const match = /^main: .*?\(exit code (\d{1,3})\)/s.exec(message);
  return match === null ? undefined : Number(match[1]);
}

/** Why a run and its jobs are ended when it took too long. */
export function deadlinePassed(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `the deadline of the run, ${inWords(seconds)}, has passed`;
}

function outputMissing(path: string, outputs: JobFacts['outputs'] = new Map()): string {
  const [known, name] = [...outputs].find(([of]) => path.endsWith(of)) ?? [path, undefined];
  if (known === '') return 'an output of the job is missing';
  return `the output ${name === undefined ? '' : `${name} `}is missing: there is no file ${known}`;
}

/** `secret "x" not found`: what is to be made first. */
function missingObject(text: string | undefined): string | undefined {
  const object = /(secret|configmap) "([^"]+)" not found/i.exec(text ?? '');
  if (object !== null) return `there is no ${kindInWords(object[1])} ${object[2] ?? ''} in the namespace`;
  const key = /couldn't find key (\S+) in (Secret|ConfigMap) (?:\S+\/)?(\S+)/i.exec(text ?? '');
  return key === null ? undefined : `the ${kindInWords(key[2])} ${key[3] ?? ''} has no key ${key[1] ?? ''}`;
}

function kindInWords(kind = ''): string {
  return kind.toLowerCase() === 'secret' ? 'secret' : 'config map';
}

/** `compute, requested: requests.memory=8Gi, used: requests.memory=6Gi, limited: requests.memory=10Gi` */
function quota(text: string): string {
  const [name = '', ...parts] = text.split(', ');
  const of = (word: string): string =>
    parts
      .join(', ')
      .match(new RegExp(`${word}: ([^:]*?)(?:, \\w+: |$)`, 's'))?.[1]
      ?.trim() ?? '';
  const numbers = `it asks for ${of('requested')}, used are ${of('used')} of ${of('limited')}`;
  return of('requested') === '' ? `the quota ${text} is used up` : `the quota ${name} is used up: ${numbers}`;
}

function detail(text: string | undefined): string {
  const trimmed = (text ?? '').trim().replace(/^[:.]\s*/, '');
  return trimmed === '' ? '' : `: ${trimmed}`;
}
