import type { Policy } from '@jupyterflow/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import { durationWords, parseDuration } from './duration';

/** A policy in words: "one person at a time · up to 8 hours · for research". */
export function policyWords(
  policy: Policy,
  nameOf: (organization: string) => string,
  trans: TranslationBundle
): string {
  const longest = parseDuration(policy.maxDuration);
  const words = [
    policy.concurrency === 1
      ? trans.__('one person at a time')
      : trans.__('up to %1 people at once', policy.concurrency),
    longest === undefined ? '' : trans.__('up to %1', durationWords(longest, trans)),
    policy.purposes.length === 0 ? trans.__('for any purpose') : trans.__('for %1', policy.purposes.join(', ')),
    policy.approval === 'owner' ? trans.__('the owner approves each request') : '',
    policy.organizations.length === 0 ? '' : trans.__('only for %1', policy.organizations.map(nameOf).join(', '))
  ];
  return words.filter(Boolean).join(' · ');
}
