import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Clock } from '../model/clock';

/** What every component of the panel gets. */
export interface Context {
  readonly commands: CommandRegistry;
  readonly clock: Clock;
  readonly trans: TranslationBundle;
}
