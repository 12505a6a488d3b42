import { formatDuration, parseDuration } from '../plan/units.js';
import { valueOf, type ScalarNode, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { allJobs, settingMaps, settingOf, type Model } from './model.js';

/** Ten years: longer is a slip of the keyboard, and more than clusters count. */
const LONGEST = 315_360_000;
const KEYS = ['timeout', 'walltime', 'queueTimeout', 'deadline'];

/** Times are longer than nothing and shorter than ten years, and all attempts last at least as long as one. */
export function checkDurations(model: Model): readonly Problem[] {
  const nodes = settingMaps(model).flatMap(map => [
    ...KEYS.map(key => valueOf(map, key)),
    valueOf(valueOf(map, 'retries'), 'max')
  ]);
  const backoffs = settingMaps(model).map(map => valueOf(valueOf(map, 'retries'), 'backoff'));
  const deadline = valueOf(valueOf(model.root, 'schedule'), 'startingDeadline');
  return [
    ...[...nodes, deadline].flatMap(node => checkRange(node, false)),
    ...backoffs.flatMap(node => checkRange(node, true)),
    ...checkWalltimes(model)
  ];
}

function checkRange(node: SourceNode | undefined, zero: boolean): readonly Problem[] {
  const seconds = secondsOf(node);
  if (node === undefined || seconds === undefined) return [];
  if (seconds === 0 && !zero)
    return [
      error('duration-range', node.span, 'a time must be longer than nothing', 'Without a limit leave the key out.')
    ];
  if (seconds <= LONGEST) return [];
  return [
    error('duration-range', node.span, 'a time must be at most ten years (3650d)', 'Without a limit leave the key out.')
  ];
}

function checkWalltimes(model: Model): readonly Problem[] {
  return allJobs(model).flatMap(job => {
    const [timeout, walltime] = [settingOf(model, job, 'timeout'), settingOf(model, job, 'walltime')];
    const [one, all] = [secondsOf(timeout), secondsOf(walltime)];
    if (timeout === undefined || walltime === undefined || one === undefined || all === undefined || all >= one)
      return [];
    const message = `all attempts of \`${job.group ?? job.name}\` get ${formatDuration(all)}, less than the ${formatDuration(one)} of one`;
    const related = [{ message: 'the time of one attempt is here', span: timeout.span }];
    const hint = 'Make `walltime` at least `timeout`.';
    return [{ ...error('walltime-too-short', walltime.span, message, hint), related }];
  });
}

/** The seconds that a well-formed time stands for. */
export function secondsOf(node: SourceNode | undefined): number | undefined {
  return node?.kind === 'scalar' && isDuration(node) ? parseDuration(node.text) : undefined;
}

function isDuration(node: ScalarNode): boolean {
  return /^(?:(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+|\d+)$/.test(node.text);
}
