import { leaseState, type DatasetRecord, type LeaseRecord } from '@jupyterflow/ledger';
import type { Lease } from '@jupyterflow/schema';
import { descriptionOf } from '../datasets/describe.js';
import { formatDuration } from '../duration.js';

/** A lease as the API shows it at a time (ms). */
export function showLease(lease: LeaseRecord, dataset: DatasetRecord, now: number): Lease {
  const { title, name } = descriptionOf(dataset);
  const { id, owner, purpose, fencing, reason, grantedAt, expiresAt } = lease;
  const state = leaseState(lease, now);
  const endedAt = state === 'expired' ? expiresAt : lease.endedAt;
  return {
    id,
    dataset: dataset.id,
    datasetTitle: title,
    datasetName: name,
    holder: { user: lease.user, organization: lease.organization },
    owner,
    purpose,
    duration: formatDuration(lease.duration),
    state,
    requestedAt: iso(lease.requestedAt),
    ...(grantedAt !== undefined && { grantedAt: iso(grantedAt) }),
    ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    ...(reason !== undefined && { reason }),
    fencing,
    renewalsLeft: Math.max(0, dataset.policy.renewals - lease.renewals)
  };
}

const iso = (time: number): string => new Date(time).toISOString();
