import type { Ledger } from '@jupyterflow/ledger';
import type { AsyncView, RecordKind, StateKey } from '@jupyterflow/ledger/rules';

/** The state of a ledger as the rules read it. */
export function viewOf(ledger: Ledger): AsyncView {
  return {
    get(key: StateKey) {
      const slash = key.indexOf('/');
      return ledger.record(key.slice(0, slash) as RecordKind, key.slice(slash + 1));
    }
  };
}
