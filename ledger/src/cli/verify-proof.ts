import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { fingerprint } from '../keys.js';
import { organizationsIn, parseBundle } from '../proof/bundle.js';
import { checkProof, type CheckedProof, type ProofResult } from '../proof/check.js';
import { describeProof } from '../proof/describe.js';
import { names } from '../rules/wording.js';
import { shown } from '../shown.js';
import { outputOption, print, verifierFlag, type OutputFlags } from './output.js';

interface Flags extends OutputFlags {
  readonly orgKey: readonly string[];
  readonly logKey?: string;
}

/** `verify-proof FILE` */
export function addVerifyProof(program: Command): void {
  program
    .command('verify-proof')
    .description('check the proof of a lease, without the log and without a network, and tell what it proves')
    .argument('<file>', 'what "prove" wrote')
    .requiredOption(
      '--org-key <name=key>',
      'id of an organization and its public key (base64), which you have from itself; once for each',
      (value: string, before?: readonly string[]) => [...(before ?? []), value]
    )
    .option('--log-key <verifier>', 'the key of the log, as in log.pub; needed when too few witnesses cosigned')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nWithout --log-key, the witnesses of more than half of the organizations that are given with --org-key and have' +
        '\na witness must have cosigned. Where only one has, the proof rests on that organization alone.' +
        '\n\nExit codes: 0 the proof is good, 1 it is not, 2 it could not be checked.'
    )
    .exitOverride()
    .action(async (file: string, flags: Flags) => {
      const organizations = organizationKeys(flags.orgKey, program);
      const log = flags.logKey === undefined ? undefined : verifierFlag('--log-key', flags.logKey, program);
      const bundle = parseBundle(await readFile(file, 'utf8'));
      const has = organizationsIn(bundle);
      const stranger = [...organizations.keys()].find(id => !has.has(id));
      if (stranger !== undefined && has.size > 0) {
        program.error(
          `error INVALID: the proof has no organization ${shown(stranger)}; give --org-key for those that it has: ${shown(names([...has]))}`
        );
      }
      const result = checkProof(bundle, { organizations, log });
      print(jsonOf(result), flags, () => (result.ok ? describeProof(result, organizations) : `bad: ${result.problem}`));
    });
}

/** A key that is given twice is one; two keys of an organization can't both be its own. */
function organizationKeys(values: readonly string[], program: Command): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const [id, key] of values.map(value => organizationKey(value, program))) {
    if ((keys.get(id) ?? key) !== key) {
      program.error(`error INVALID: --org-key gives two keys of ${shown(id)}: give the one that you have from itself`);
    }
    keys.set(id, key);
  }
  return keys;
}

function organizationKey(value: string, program: Command): readonly [string, string] {
  const [, name, key] = /^([^=]+)=([A-Za-z0-9+/]{59}=)$/.exec(value) ?? [];
  return name === undefined || key === undefined
    ? program.error(
        'error INVALID: --org-key must be like uio=MCowBQYDK2Vw...: an Ed25519 public key, SPKI DER in base64'
      )
    : [name, key];
}

function jsonOf(result: ProofResult): { readonly ok: boolean } {
  if (!result.ok) {
    return result;
  }
  const { story, origin, anchors }: CheckedProof = result;
  const { lease, dataset, steps } = story;
  const keys = Object.fromEntries([...story.organizations].map(([id, { publicKey }]) => [id, fingerprint(publicKey)]));
  return { ok: true, origin, lease, dataset, steps, anchors, keys } as { ok: true };
}
