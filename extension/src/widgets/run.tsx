import type { Run, RunJob } from '@jupyterflow/schema';
import * as React from 'react';
import type { Live } from '../model/live';
import type { IPlatform } from '../tokens';
import { countdown } from '../words/duration';
import { isActive, phaseWords, progress } from '../words/state';
import type { Context } from './context';
import { Graph } from './graph';
import { useNow } from './hooks';
import { Log } from './log';
import { PhaseIcon } from './phase';
import { Failed, Loading } from './states';
import { useSignal } from './hooks';

export interface RunViewProps extends Context {
  readonly live: Live<Run>;
  readonly platform: IPlatform;
}

/** One run: its graph, and the job that is chosen in it. */
export function RunView(props: RunViewProps): React.JSX.Element {
  const { live, clock, trans } = props;
  useSignal(live.changed);
  const { state } = live;
  return (
    <div className="jp-DataExplorer-runView">
      {state.kind === 'loading' && <Loading trans={trans} />}
      {state.kind === 'failed' && (
        <Failed
          error={state.error}
          retryAt={state.retryAt}
          clock={clock}
          trans={trans}
          onRetry={() => void live.refresh()}
        />
      )}
      {live.value && <Content {...props} run={live.value} />}
    </div>
  );
}

function Content(props: RunViewProps & { readonly run: Run }): React.JSX.Element {
  const { run, clock, platform, trans } = props;
  const [chosen, setChosen] = React.useState<string>();
  const now = useNow(clock, isActive(run));
  const { done, total } = progress(run);
  const job = run.jobs.find(({ name }) => name === chosen) ?? interesting(run);
  const took = (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt);
  return (
    <>
      <div className="jp-DataExplorer-runHead">
        <h2>{run.name}</h2>
        <p className="jp-DataExplorer-state" role="status">
          <PhaseIcon phase={run.state} />
          {phaseWords(run.state, trans)}
        </p>
        <p className="jp-DataExplorer-quiet">
          {[
            trans.__('%1/%2 jobs', done, total),
            countdown(took),
            new Date(run.startedAt).toLocaleString(),
            run.workspace
          ].join(' · ')}
        </p>
        {run.reason && <p>{run.reason}</p>}
      </div>
      <Graph jobs={run.jobs} selected={job?.name} trans={trans} onSelect={setChosen} />
      {job && <Job job={job} run={run} platform={platform} trans={trans} now={now} />}
    </>
  );
}

/** The job to look at first: what failed, else what runs, else the last one that began. */
export function interesting(run: Pick<Run, 'jobs'>): RunJob | undefined {
  const { jobs } = run;
  const begun = jobs.filter(({ startedAt }) => startedAt !== undefined);
  return (
    jobs.find(({ phase }) => phase === 'Failed' || phase === 'Error') ??
    jobs.find(({ phase }) => phase === 'Running') ??
    begun[begun.length - 1] ??
    jobs[0]
  );
}

function Job(
  props: Pick<RunViewProps, 'platform' | 'trans'> & { readonly job: RunJob; readonly run: Run; readonly now: number }
): React.JSX.Element {
  const { job, run, platform, trans, now } = props;
  const took = job.startedAt && (job.finishedAt ? Date.parse(job.finishedAt) : now) - Date.parse(job.startedAt);
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    [trans.__('State'), phaseWords(job.phase, trans)],
    [trans.__('Why'), job.reason],
    [trans.__('Exit code'), job.exitCode],
    [trans.__('Attempts'), job.attempts > 1 ? job.attempts : undefined],
    [trans.__('Took'), took === undefined || took === '' ? undefined : countdown(took)],
    [trans.__('After'), job.dependsOn.join(', ') || undefined]
  ];
  return (
    <section aria-label={trans.__('Job %1', job.name)} className="jp-DataExplorer-job">
      <h3>{job.name}</h3>
      <dl>
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {job.attempts > 0 && (
        <Log key={`${job.name} ${job.attempts}`} platform={platform} run={run.id} job={job.name} trans={trans} />
      )}
    </section>
  );
}
