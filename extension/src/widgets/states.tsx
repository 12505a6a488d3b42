import type { TranslationBundle } from '@jupyterlab/translation';
import { Button } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { Clock } from '../model/clock';
import type { Live } from '../model/live';
import { isOutage, type Outage, type Reach } from '../model/reach';
import { errorWords } from '../problems';
import { useNow, useSignal } from './hooks';

/** Three grey rows: something is on its way. */
export function Loading({ trans }: { readonly trans: TranslationBundle }): React.JSX.Element {
  return (
    <div className="jp-DataExplorer-loading" role="status" aria-busy="true" aria-label={trans.__('Loading')}>
      {[0, 1, 2].map(row => (
        <div key={row} className="jp-DataExplorer-skeleton" aria-hidden="true" />
      ))}
    </div>
  );
}

/** Nothing is there, and what to do next. */
export function Empty({
  text,
  children
}: {
  readonly text: string;
  readonly children?: React.ReactNode;
}): React.JSX.Element {
  return (
    <div className="jp-DataExplorer-empty">
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Something could not be loaded, why, when it is tried again, and a button to try now. */
export function Failed(props: {
  readonly error: unknown;
  readonly retryAt?: number;
  readonly clock: Clock;
  readonly trans: TranslationBundle;
  readonly onRetry: () => void;
}): React.JSX.Element {
  const { error, retryAt, clock, trans, onRetry } = props;
  const seconds = Math.ceil(((retryAt ?? 0) - useNow(clock, retryAt !== undefined)) / 1000);
  return (
    <div className="jp-DataExplorer-failed">
      <p role="alert">{errorWords(error, trans)}</p>
      {retryAt !== undefined && (
        <p className="jp-DataExplorer-quiet">
          {seconds > 0 ? trans.__('Trying again in %1 s.', seconds) : trans.__('Trying again…')}
        </p>
      )}
      <Button className="jp-mod-styled jp-mod-small" onClick={onRetry}>
        {trans.__('Try now')}
      </Button>
    </div>
  );
}

/** The one place that tells of an outage. */
export function OutageBanner(props: {
  readonly reach: Reach;
  readonly clock: Clock;
  readonly trans: TranslationBundle;
}): React.JSX.Element | null {
  const { reach, ...rest } = props;
  useSignal(reach.changed);
  const outage: Outage | undefined = reach.outage;
  return outage ? (
    <Failed error={outage.error} retryAt={outage.retryAt} onRetry={() => void reach.refresh()} {...rest} />
  ) : null;
}

/** Shows what is loaded, or that it is not there yet, or why it can't be had. What was known before stays in sight. */
export function Loaded<T>(props: {
  readonly live: Live<T>;
  readonly clock: Clock;
  readonly trans: TranslationBundle;
  readonly children: (value: T) => React.ReactNode;
}): React.JSX.Element {
  const { live, clock, trans, children } = props;
  useSignal(live.changed);
  const { state } = live;
  if (state.kind === 'loading') {
    return <Loading trans={trans} />;
  }
  if (state.kind === 'ready') {
    return <>{children(state.value)}</>;
  }
  const told = isOutage(state.error);
  return (
    <>
      {told && state.value === undefined && (
        <p className="jp-DataExplorer-quiet">{trans.__('Can’t be shown until the platform answers.')}</p>
      )}
      {!told && (
        <Failed
          error={state.error}
          retryAt={state.retryAt}
          clock={clock}
          trans={trans}
          onRetry={() => void live.refresh()}
        />
      )}
      {state.value !== undefined && children(state.value)}
    </>
  );
}

/** Keeps a mistake in one part of the panel from blanking all of it. */
export class Boundary extends React.Component<
  { readonly trans: TranslationBundle; readonly children: React.ReactNode },
  { readonly error?: Error }
> {
  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override state: { readonly error?: Error } = {};

  override render(): React.ReactNode {
    const { trans, children } = this.props;
    const { error } = this.state;
    if (!error) {
      return children;
    }
    return (
      <div className="jp-DataExplorer-failed">
        <p role="alert">{trans.__('This part of the panel failed: %1', error.message)}</p>
        <Button className="jp-mod-styled jp-mod-small" onClick={() => this.setState({ error: undefined })}>
          {trans.__('Show it again')}
        </Button>
      </div>
    );
  }
}
