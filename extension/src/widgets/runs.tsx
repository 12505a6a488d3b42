import type { Run } from '@jupyterflow/schema';
import { launchIcon, stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { RunsModel } from '../model/runs';
import { CommandIDs } from '../tokens';
import { ago, countdown } from '../words/duration';
import { isActive, phaseWords, progress, runReason } from '../words/state';
import type { Context } from './context';
import { useNow } from './hooks';
import { IconButton, PhaseIcon } from './phase';
import { Empty, Loaded } from './states';

export interface RunsProps extends Context {
  readonly runs: RunsModel;
}

/** The caller's runs, the newest first. */
export function Runs(props: RunsProps): React.JSX.Element {
  const { runs, clock, trans } = props;
  return (
    <Loaded live={runs.live} clock={clock} trans={trans}>
      {value => (value.length === 0 ? <NoRuns {...props} /> : <Rows {...props} value={value} />)}
    </Loaded>
  );
}

/** What people type; the same in every language. */
const RUN_COMMAND = 'jupyterflow run -f workflow.yaml';

function NoRuns({ trans }: RunsProps): React.JSX.Element {
  return (
    <Empty text={trans.__('No runs yet. In a terminal:')}>
      <code>{RUN_COMMAND}</code>
    </Empty>
  );
}

function Rows(props: RunsProps & { readonly value: readonly Run[] }): React.JSX.Element {
  const { value, clock, trans } = props;
  const now = useNow(clock);
  return (
    <ul className="jp-DataExplorer-list" aria-label={trans.__('Runs')}>
      {value.map(run => (
        <Row key={run.id} {...props} run={run} now={now} />
      ))}
    </ul>
  );
}

function Row({
  run,
  now,
  commands,
  trans
}: RunsProps & { readonly run: Run; readonly now: number }): React.JSX.Element {
  const { done, total } = progress(run);
  const act = (command: string): void => void commands.execute(command, { run: run.id });
  const reason = runReason(run, trans);
  const active = isActive(run);
  const time = active
    ? countdown(now - Date.parse(run.startedAt))
    : ago(now - Date.parse(run.finishedAt ?? run.startedAt), trans);
  return (
    <li className="jp-DataExplorer-row jp-DataExplorer-run" data-state={run.state}>
      <button type="button" className="jp-DataExplorer-open" title={run.name} onClick={() => act(CommandIDs.openRun)}>
        <span className="jp-DataExplorer-line">
          <span className="jp-DataExplorer-title">{run.name}</span>
          <span className="jp-DataExplorer-countdown">{time}</span>
        </span>
        <span className="jp-DataExplorer-line">
          <span className="jp-DataExplorer-state">
            <PhaseIcon phase={run.state} />
            {phaseWords(run.state, trans)}
          </span>
          <span className="jp-DataExplorer-owner" title={reason ?? trans.__('%1 of %2 jobs are done', done, total)}>
            {reason ?? `${done}/${total}`}
          </span>
        </span>
      </button>
      {(active || run.links.argo) && (
        <span className="jp-DataExplorer-actions">
          {active && (
            <IconButton icon={stopIcon} label={trans.__('Stop %1', run.name)} onClick={() => act(CommandIDs.stopRun)} />
          )}
          {run.links.argo && (
            <IconButton
              icon={launchIcon}
              label={trans.__('Open %1 in Argo', run.name)}
              onClick={() => act(CommandIDs.openInArgo)}
            />
          )}
        </span>
      )}
    </li>
  );
}
