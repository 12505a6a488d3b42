import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A write as its caller asked for it. */
export interface Intent {
  readonly organization: string;
  readonly user: string;
  /** Method and path. */
  readonly route: string;
  /** What the caller wants done. */
  readonly body: unknown;
  /** Idempotency-Key of the caller: the same one names the same command. */
  readonly key?: string | undefined;
}

/** The two halves of the id of a command that may be repeated. */
export interface CommandKey {
  /** Of who asked, where, with which key. */
  readonly key: string;
  /** Of what was asked. */
  readonly body: string;
}

/**
 * The key of an intent.
 * @param secret - key of the digest of the body: that digest is on the ledger, and what a body says must not be guessed from it
 */
export function keyOf(intent: Intent, secret: string): CommandKey | undefined {
  if (intent.key === undefined) return undefined;
  const { organization, user, route, key, body } = intent;
  return {
    key: createHash('sha256')
      .update(JSON.stringify([organization, user, route, key]))
      .digest('hex')
      .slice(0, 40),
    body: createHmac('sha256', secret)
      .update(JSON.stringify(body ?? null))
      .digest('hex')
      .slice(0, 40)
  };
}

/** Id of a command on the ledger. */
export function commandId(key: CommandKey | undefined): string {
  return key ? `key_${key.key}_${key.body}` : `cmd_${randomBytes(16).toString('hex')}`;
}

/** The halves of such an id; undefined for commands that were not given a key. */
export function commandKey(id: string): CommandKey | undefined {
  const [, key, body] = /^key_([0-9a-f]{40})_([0-9a-f]{40})$/.exec(id) ?? [];
  return key !== undefined && body !== undefined ? { key, body } : undefined;
}
