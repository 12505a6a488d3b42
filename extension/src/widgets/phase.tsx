import type { JobState } from '@jupyterflow/schema';
import {
  checkIcon,
  circleEmptyIcon,
  circleIcon,
  closeIcon,
  errorIcon,
  fastForwardIcon,
  lockIcon,
  historyIcon,
  runIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';
import type { Standing } from '../words/state';

const PHASES: Readonly<Record<JobState, LabIcon>> = {
  Pending: circleEmptyIcon,
  Running: runIcon,
  Succeeded: checkIcon,
  Failed: closeIcon,
  Error: errorIcon,
  Skipped: fastForwardIcon,
  Omitted: circleEmptyIcon
};

const STANDINGS: Readonly<Record<Standing, LabIcon>> = {
  open: circleIcon,
  taken: lockIcon,
  yours: checkIcon,
  requested: historyIcon
};

/** The picture of a phase. Beside it there is always a word. */
export function PhaseIcon({ phase }: { readonly phase: JobState }): React.JSX.Element {
  const icon = PHASES[phase];
  return (
    <span className="jp-DataExplorer-icon" data-phase={phase} aria-hidden="true">
      <icon.react tag="span" width="14px" height="14px" />
    </span>
  );
}

/** The picture of what a dataset is to the caller. Beside it there is always a word. */
export function StandingIcon({ state }: { readonly state: Standing }): React.JSX.Element {
  const icon = STANDINGS[state];
  return (
    <span className="jp-DataExplorer-icon" data-standing={state} aria-hidden="true">
      <icon.react tag="span" width={state === 'open' ? '10px' : '14px'} height={state === 'open' ? '10px' : '14px'} />
    </span>
  );
}

/** A small button with a picture and a name. */
export function IconButton(props: {
  readonly icon: LabIcon;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}): React.JSX.Element {
  const { icon, label, disabled, onClick } = props;
  return (
    <button
      type="button"
      className="jp-DataExplorer-iconButton"
      title={label}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <icon.react tag="span" width="14px" height="14px" aria-hidden="true" />
    </button>
  );
}
