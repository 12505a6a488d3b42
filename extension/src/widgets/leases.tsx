import type { Lease } from '@jupyterflow/schema';
import {
  codeIcon,
  refreshIcon,
  undoIcon,
  checkIcon,
  closeIcon,
  folderIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';
import { endingSoon, endKey, isOpen, visibleLeases, type LeasesModel } from '../model/leases';
import type { Organizations } from '../model/organizations';
import { CommandIDs } from '../tokens';
import { countdown, durationWords, MINUTE, parseDuration } from '../words/duration';
import { leaseState, leaseWords } from '../words/state';
import type { Context } from './context';
import { useNow, useSignal } from './hooks';
import { IconButton } from './phase';
import { Empty, Loaded } from './states';

export interface LeasesProps extends Context {
  readonly leases: LeasesModel;
  readonly consortium: Organizations;
}

/** The caller's leases, each with the time that is left. */
export function MyLeases(props: LeasesProps): React.JSX.Element {
  const { leases, clock, trans } = props;
  return (
    <Loaded live={leases.live} clock={clock} trans={trans}>
      {value => (
        <>
          <Leases
            {...props}
            value={value}
            empty={trans.__('You use no data now. Choose a dataset above and press “Use data…”.')}
            row={(lease, now) => <MyLease key={lease.id} {...props} lease={lease} now={now} />}
          />
          <Announcer {...props} value={value} />
        </>
      )}
    </Loaded>
  );
}

/** Who uses the organization's data and who asks to. */
export function LentLeases(props: LeasesProps): React.JSX.Element {
  const { leases, clock, trans } = props;
  return (
    <Loaded live={leases.live} clock={clock} trans={trans}>
      {value => (
        <Leases
          {...props}
          value={value}
          empty={trans.__('Nobody uses your organization’s data now.')}
          row={(lease, now) => <LentLease key={lease.id} {...props} lease={lease} now={now} />}
        />
      )}
    </Loaded>
  );
}

function Leases(
  props: LeasesProps & {
    readonly value: readonly Lease[];
    readonly empty: string;
    readonly row: (lease: Lease, now: number) => React.JSX.Element;
  }
): React.JSX.Element {
  const { value, empty, row, clock, consortium } = props;
  useSignal(consortium.live.changed);
  const now = useNow(clock, value.length > 0);
  const shown = visibleLeases(value, now);
  const open = shown.some(lease => isOpen(lease, now));
  return (
    <>
      {!open && <Empty text={empty} />}
      {shown.length > 0 && <ul className="jp-DataExplorer-list">{shown.map(lease => row(lease, now))}</ul>}
    </>
  );
}

interface LeaseProps extends LeasesProps {
  readonly lease: Lease;
  readonly now: number;
}

function MyLease(props: LeaseProps): React.JSX.Element {
  const { lease, now, consortium, trans } = props;
  const active = leaseState(lease, now) === 'active';
  return (
    <LeaseRow {...props} facts={[consortium.nameOf(lease.owner), lease.purpose].join(' · ')}>
      {active && (
        <>
          {lease.renewalsLeft > 0 && (
            <Act
              {...props}
              icon={refreshIcon}
              label={trans.__('Renew %1', lease.datasetTitle)}
              command={CommandIDs.renew}
            />
          )}
          <Act
            {...props}
            icon={folderIcon}
            label={trans.__('Show the folder of %1', lease.datasetTitle)}
            command={CommandIDs.showFolder}
          />
          <Act
            {...props}
            icon={codeIcon}
            label={trans.__('Insert %1 into a workflow', lease.datasetTitle)}
            command={CommandIDs.insertVolume}
          />
          <Act
            {...props}
            icon={undoIcon}
            label={trans.__('Release %1', lease.datasetTitle)}
            command={CommandIDs.release}
          />
        </>
      )}
    </LeaseRow>
  );
}

function LentLease(props: LeaseProps): React.JSX.Element {
  const { lease, now, consortium, trans } = props;
  const state = leaseState(lease, now);
  const length = parseDuration(lease.duration);
  const who = trans.__('%1 (%2)', lease.holder.user, consortium.nameOf(lease.holder.organization));
  const facts =
    state === 'requested' && length !== undefined
      ? [who, durationWords(length, trans), lease.purpose]
      : [who, lease.purpose];
  return (
    <LeaseRow {...props} facts={facts.join(' · ')}>
      {state === 'requested' && (
        <>
          <Act
            {...props}
            icon={checkIcon}
            label={trans.__('Approve %1 for %2', lease.datasetTitle, who)}
            command={CommandIDs.approve}
          />
          <Act
            {...props}
            icon={closeIcon}
            label={trans.__('Deny %1 to %2', lease.datasetTitle, who)}
            command={CommandIDs.deny}
          />
        </>
      )}
      {state === 'active' && (
        <Act
          {...props}
          icon={closeIcon}
          label={trans.__('Revoke %1 from %2', lease.datasetTitle, who)}
          command={CommandIDs.revoke}
        />
      )}
    </LeaseRow>
  );
}

function LeaseRow(
  props: LeaseProps & { readonly facts: string; readonly children: React.ReactNode }
): React.JSX.Element {
  const { lease, now, trans, facts, children } = props;
  const state = leaseState(lease, now);
  const left = lease.expiresAt === undefined ? undefined : Date.parse(lease.expiresAt) - now;
  const counts = state === 'active' && left !== undefined;
  return (
    <li
      className={`jp-DataExplorer-row ${state === 'active' || state === 'requested' ? '' : 'jp-mod-over'}`}
      data-state={state}
    >
      <span className="jp-DataExplorer-line">
        <span className="jp-DataExplorer-title" title={lease.datasetTitle}>
          {lease.datasetTitle}
        </span>
        {counts ? (
          <time
            className={`jp-DataExplorer-countdown ${left < 10 * MINUTE ? 'jp-mod-soon' : ''}`}
            dateTime={lease.expiresAt}
            title={trans.__('Until %1', new Date(now + left).toLocaleString())}
          >
            {countdown(left)}
          </time>
        ) : (
          <span className="jp-DataExplorer-state">{leaseWords(state, trans)}</span>
        )}
      </span>
      <span className="jp-DataExplorer-line">
        <span className="jp-DataExplorer-owner" title={facts}>
          {counts ? facts : (lease.reason ?? facts)}
        </span>
        <span className="jp-DataExplorer-actions">{children}</span>
      </span>
    </li>
  );
}

function Act(
  props: LeaseProps & { readonly icon: LabIcon; readonly label: string; readonly command: string }
): React.JSX.Element {
  const { icon, label, command, commands, lease } = props;
  return (
    <IconButton
      icon={icon}
      label={label}
      onClick={() => void commands.execute(command, { lease: lease.id, dataset: lease.dataset })}
    />
  );
}

/** Says once, for each lease, that it ends soon. */
function Announcer({ value, clock, trans }: LeasesProps & { readonly value: readonly Lease[] }): React.JSX.Element {
  const now = useNow(clock, value.length > 0);
  const told = React.useRef(new Set<string>());
  const [text, setText] = React.useState('');
  React.useEffect(() => {
    const soon = endingSoon(value, now, told.current);
    if (soon.length > 0) {
      soon.forEach(lease => told.current.add(endKey(lease)));
      setText(soon.map(lease => trans.__('%1 is yours for less than 10 more minutes.', lease.datasetTitle)).join(' '));
    }
  }, [value, now, trans]);
  return (
    <div className="jp-DataExplorer-hidden" aria-live="polite">
      {text}
    </div>
  );
}
