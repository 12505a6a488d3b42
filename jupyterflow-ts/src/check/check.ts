import type { MapNode, SourceNode, Span } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { checkCacheKeys } from './cache-keys.js';
import { checkCommands } from './commands.js';
import { checkConditions } from './conditions.js';
import { checkCycles } from './cycles.js';
import { checkDurations } from './durations.js';
import { readEdges, type Edge } from './edges.js';
import { checkEnvironment } from './environment.js';
import { checkExpressions } from './expressions.js';
import { checkJobActions } from './job-actions.js';
import { checkJobNames } from './job-names.js';
import { checkJobShapes } from './job-shape.js';
import { checkLabels } from './labels.js';
import { makeModel, type Model } from './model.js';
import { checkMountPaths } from './mount-paths.js';
import { checkObjectNames } from './object-names.js';
import { checkOnExit } from './on-exit.js';
import { openValues } from './open-values.js';
import { checkOutputs } from './outputs.js';
import { readParams, type ReadParams } from './params.js';
import { checkPortability } from './portability.js';
import { checkReferenceOrder, readReferences, type Reference } from './references.js';
import { checkRepeatedEdges } from './repeated-edges.js';
import { checkRepeats } from './repeats.js';
import { checkResources } from './resources.js';
import { checkRunName } from './run-name.js';
import { checkSchedule } from './schedules.js';
import { checkShape } from './shape.js';
import { checkSize } from './size.js';
import { checkTemplateTags } from './template-tags.js';
import { checkVolumes } from './volumes.js';
import { makeWaits } from './waits.js';
import { checkWorkdirs } from './workdirs.js';

export interface CheckOptions {
  readonly params: Readonly<Record<string, string>>;
  readonly home: string;
  /** How much longer than usual the file may be, at least 1. */
  readonly scale: number;
}

/** What the rules looked at. */
export interface CheckedFile {
  readonly model: Model;
  readonly edges: readonly Edge[];
  readonly references: readonly Reference[];
}

export interface Checked {
  readonly problems: readonly Problem[];
  /** Absent when the file is no map, or stands for too much. */
  readonly checked?: CheckedFile;
}

const RULES: readonly ((model: Model) => readonly Problem[])[] = [
  checkRunName,
  checkJobNames,
  checkJobActions,
  checkCommands,
  checkOnExit,
  checkVolumes,
  checkMountPaths,
  checkEnvironment,
  checkWorkdirs,
  checkOutputs,
  checkCacheKeys,
  checkConditions,
  checkDurations,
  checkResources,
  checkSchedule,
  checkLabels,
  checkObjectNames,
  checkTemplateTags,
  checkPortability
];

/** Applies every rule, so that all problems are told at once. */
export function check(root: SourceNode, options: CheckOptions): Checked {
  if (root.kind !== 'map') return { problems: [notAMap(root)] };
  const params = readParams(root, options.params);
  const tooLarge = checkSize(root, params.params, options.scale);
  if (tooLarge === undefined) return checkAll(root, params, options.home);
  const others =
    tooLarge.lighter === undefined
      ? [...params.problems, ...checkWithoutModel(root, params)]
      : checkAll(tooLarge.lighter, params, options.home).problems;
  return { problems: [tooLarge.problem, ...others] };
}

/** The rules that look at the file as it is, without copies and with each value once. */
function checkWithoutModel(root: MapNode, params: ReadParams): readonly Problem[] {
  return [...checkExpressions(root, params), ...checkRepeats(root, params), ...checkJobShapes(root)];
}

function checkAll(root: MapNode, params: ReadParams, home: string): Checked {
  const model = makeModel(root, params.params, home);
  const { edges, problems: ofEdges } = readEdges(model);
  const { references, problems: ofReferences } = readReferences(model);
  const waits = makeWaits(model, edges);
  const cycles = checkCycles(model, waits);
  const exact = [
    ...params.problems,
    ...checkWithoutModel(root, params),
    ...RULES.flatMap(rule => rule(model)),
    ...ofEdges,
    ...checkRepeatedEdges(model, edges),
    ...cycles,
    ...ofReferences,
    // Who waits for whom can't be told of a circle.
    ...(cycles.length === 0 ? checkReferenceOrder(model, edges, references, waits) : [])
  ];
  const isCovered = coveredBy(exact, openValues(root, params));
  const problems = [...exact, ...checkShape(model.root).filter(shape => !isCovered(shape))];
  return { problems, checked: { model, edges, references } };
}

/** Tells whether a rule that knows more has spoken about the same place, or one around it, or its value is not known. */
function coveredBy(exact: readonly Problem[], open: readonly Span[]): (shape: Problem) => boolean {
  const spans = [...exact.filter(({ severity }) => severity === 'error').map(({ span }) => span), ...open];
  spans.sort((a, b) => a.start - b.start);
  // Up to each span, the last end of it and of those that start before.
  const ends: number[] = [];
  for (const [i, { end }] of spans.entries()) ends.push(Math.max(end, ends[i - 1] ?? end));
  return ({ span: { start, end } }) => {
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.start ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    return (ends[low - 1] ?? -1) >= end;
  };
}

function notAMap(root: SourceNode): Problem {
  const span = { start: root.span.start, end: Math.min(root.span.end, root.span.start + 1) };
  if (root.kind !== 'list') {
    return error('not-a-map', span, 'the file is a single value', 'Write at least:\njobs:\n- echo hello');
  }
  const edges = root.items.some(item => item.kind === 'scalar' && item.text.includes('>>'));
  const hint = edges
    ? 'Put `jobs:` before the commands and `dags:` before the edges.'
    : 'Put `jobs:` before the commands.';
  const keys = edges ? 'the keys `jobs` and `dags` are missing' : 'the key `jobs` is missing';
  return error('missing-jobs', span, keys, hint);
}
