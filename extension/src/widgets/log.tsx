import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { JobLog, plain } from '../model/log';
import type { Platform } from '../platform';
import { errorWords } from '../problems';
import { useSignal } from './hooks';

/** The log of a job, at its end while it grows as long as *Follow* is on. */
export function Log(props: {
  readonly platform: Platform;
  readonly run: string;
  readonly job: string;
  readonly trans: TranslationBundle;
}): React.JSX.Element | null {
  const { platform, run, job, trans } = props;
  const [log, setLog] = React.useState<JobLog>();
  React.useEffect(() => {
    const opened = new JobLog(platform, run, job);
    setLog(opened);
    return () => {
      opened.dispose();
    };
  }, [platform, run, job]);
  return log ? <LogText log={log} trans={trans} /> : null;
}

function LogText({ log, trans }: { readonly log: JobLog; readonly trans: TranslationBundle }): React.JSX.Element {
  useSignal(log.changed);
  const [follow, setFollow] = React.useState(true);
  const box = React.useRef<HTMLPreElement>(null);
  const text = plain(log.text);
  React.useEffect(() => {
    if (follow && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [text, follow]);
  const { state } = log;
  return (
    <div className="jp-DataExplorer-log">
      <div className="jp-DataExplorer-line">
        <h3>{trans.__('Log')}</h3>
        <label>
          <input type="checkbox" checked={follow} onChange={event => setFollow(event.target.checked)} />
          {trans.__('Follow')}
        </label>
      </div>
      {state.kind === 'failed' && (
        <p role="alert" className="jp-DataExplorer-error">
          {errorWords(state.error, trans)}
        </p>
      )}
      <pre ref={box} tabIndex={0} role="region" aria-label={trans.__('Log of %1', log.job)}>
        {text || (state.kind === 'ended' ? trans.__('This job wrote nothing.') : trans.__('Nothing yet.'))}
      </pre>
    </div>
  );
}
