import type { Dataset, Lease } from '@jupyterflow/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { useDurations } from '../publish/draft';
import { folderLines, planScaffold } from '../scaffold/plan';
import { durationWords, formatDuration, HOUR, MINUTE, DAY, parseDuration } from '../words/duration';
import { policyWords } from '../words/policy';
import { Field, SelectField, TextField } from './field';
import { ask, ReactForm } from './form-dialog';

const UNITS = { minutes: MINUTE, hours: HOUR, days: DAY } as const;
type Unit = keyof typeof UNITS;

interface Length {
  readonly amount: string;
  readonly unit: Unit;
}

/** A length as a number and the largest unit in which that is whole. */
export function lengthOf(ms: number): Length {
  const unit = (['days', 'hours'] as const).find(one => ms >= UNITS[one] && ms % UNITS[one] === 0) ?? 'minutes';
  return { amount: String(Math.max(1, Math.floor(ms / UNITS[unit]))), unit };
}

/** Milliseconds of a length as typed; undefined when it is no number above zero. */
export function lengthMs({ amount, unit }: Length): number | undefined {
  const number = Number(amount.trim().replace(',', '.'));
  return amount.trim() !== '' && Number.isFinite(number) && number * UNITS[unit] >= MINUTE
    ? number * UNITS[unit]
    : undefined;
}

function lengthError(length: Length, most: number, trans: TranslationBundle): string | undefined {
  const ms = lengthMs(length);
  if (ms === undefined) {
    return trans.__('A number; at least one minute.');
  }
  return ms > most ? trans.__('At most %1.', durationWords(most, trans)) : undefined;
}

function LengthField(props: {
  readonly length: Length;
  readonly most: number;
  readonly error?: string;
  readonly trans: TranslationBundle;
  readonly onChange: (length: Length) => void;
}): React.JSX.Element {
  const { length, most, error, trans, onChange } = props;
  const names: Record<Unit, string> = {
    minutes: trans.__('minutes'),
    hours: trans.__('hours'),
    days: trans.__('days')
  };
  const hint = trans.__('At most %1.', durationWords(most, trans));
  return (
    <Field label={trans.__('For how long')} hint={error ? undefined : hint} error={error}>
      {wires => (
        <span className="jp-DataExplorer-length">
          <input
            {...wires}
            type="number"
            min={1}
            step="any"
            className="jp-mod-styled"
            value={length.amount}
            onChange={event => onChange({ ...length, amount: event.target.value })}
          />
          <select
            aria-label={trans.__('Unit')}
            className="jp-mod-styled"
            value={length.unit}
            onChange={event => onChange({ ...length, unit: event.target.value as Unit })}
          >
            {(Object.keys(UNITS) as Unit[])
              .filter(unit => UNITS[unit] <= most)
              .map(unit => (
                <option key={unit} value={unit}>
                  {names[unit]}
                </option>
              ))}
          </select>
        </span>
      )}
    </Field>
  );
}

interface UseValues extends Length {
  readonly purpose: string;
}

class UseForm extends ReactForm<UseValues, { purpose: string; duration: string }> {
  constructor(
    private readonly offered: Dataset,
    private readonly nameOf: (organization: string) => string,
    private readonly trans: TranslationBundle
  ) {
    super({ purpose: offered.policy.purposes[0] ?? '', ...lengthOf(useDurations(offered.policy.maxDuration).usual) });
  }

  getValue(): { purpose: string; duration: string } {
    return { purpose: this.values.purpose.trim(), duration: formatDuration(lengthMs(this.values) ?? MINUTE) };
  }

  protected errors(): Partial<Record<keyof UseValues, string>> {
    const { most } = useDurations(this.offered.policy.maxDuration);
    const amount = lengthError(this.values, most, this.trans);
    const purpose = this.values.purpose.trim() ? undefined : this.trans.__('Say what you use it for.');
    return { ...(amount ? { amount } : {}), ...(purpose ? { purpose } : {}) };
  }

  protected render(): React.JSX.Element {
    const { offered: dataset, trans, values, shown } = this;
    const { purposes } = dataset.policy;
    const purpose = {
      label: trans.__('Purpose'),
      value: values.purpose,
      error: shown.purpose,
      onChange: (text: string) => this.set({ purpose: text })
    };
    return (
      <>
        <p className="jp-DataExplorer-quiet">{policyWords(dataset.policy, this.nameOf, trans)}</p>
        {purposes.length > 0 ? (
          <SelectField {...purpose} options={purposes.map(value => ({ value, label: value }))} />
        ) : (
          <TextField {...purpose} placeholder={trans.__('e.g. a study of body mass')} required />
        )}
        <LengthField
          length={values}
          most={useDurations(dataset.policy.maxDuration).most}
          error={shown.amount}
          trans={trans}
          onChange={length => this.set(length)}
        />
        <p className="jp-DataExplorer-outcome">{outcomeWords(dataset, trans)}</p>
      </>
    );
  }
}

/** What *Use data* will make. */
export function outcomeWords(dataset: Dataset, trans: TranslationBundle): string {
  const plan = planScaffold(dataset);
  if (!plan.ok) {
    return trans.__('No folders are made: “%1” is not a safe name for a folder.', plan.name);
  }
  const inside = folderLines(dataset.structure).length === 0 ? 0 : plan.paths.length - 1;
  const path = `~/${dataset.name}/`;
  return inside === 0
    ? trans.__('Makes %1 in your home.', path)
    : trans._n('Makes %2 with 1 folder in your home.', 'Makes %2 with %1 folders in your home.', inside, path);
}

/** Asks what a dataset is used for and how long; undefined when the person thinks better of it. */
export function askUse(
  dataset: Dataset,
  nameOf: (organization: string) => string,
  trans: TranslationBundle
): Promise<{ purpose: string; duration: string } | undefined> {
  const accept = dataset.policy.approval === 'owner' ? trans.__('Ask the owner') : trans.__('Use data');
  return ask(trans.__('Use %1', dataset.title), new UseForm(dataset, nameOf, trans), trans.__('Cancel'), accept);
}

class RenewForm extends ReactForm<Length, string> {
  constructor(
    lease: Lease,
    private readonly most: number,
    private readonly trans: TranslationBundle
  ) {
    super(lengthOf(Math.min(parseDuration(lease.duration) ?? HOUR, most)));
  }

  getValue(): string {
    return formatDuration(lengthMs(this.values) ?? MINUTE);
  }

  protected errors(): Partial<Record<keyof Length, string>> {
    const amount = lengthError(this.values, this.most, this.trans);
    return amount ? { amount } : {};
  }

  protected render(): React.JSX.Element {
    return (
      <LengthField
        length={this.values}
        most={this.most}
        error={this.shown.amount}
        trans={this.trans}
        onChange={length => this.set(length)}
      />
    );
  }
}

/** Asks how much longer a lease is to last, counted from now; undefined when the person thinks better of it. */
export function askRenew(
  lease: Lease,
  maxDuration: string | undefined,
  trans: TranslationBundle
): Promise<string | undefined> {
  const { most } = useDurations(maxDuration ?? lease.duration);
  return ask(
    trans.__('Renew %1', lease.datasetTitle),
    new RenewForm(lease, most, trans),
    trans.__('Cancel'),
    trans.__('Renew')
  );
}
