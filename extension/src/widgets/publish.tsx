import type { DatasetDraft } from '@jupyterflow/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Button } from '@jupyterlab/ui-components';
import * as React from 'react';
import { errorWords } from '../problems';
import { checkForm, draftOf, EMPTY_FORM, nameFrom, type PublishErrors, type PublishForm } from '../publish/draft';
import { SelectField, TextField } from './field';

export interface PublishProps {
  readonly trans: TranslationBundle;
  /** Sends the draft; rejects when the platform refuses it. */
  readonly onPublish: (draft: DatasetDraft) => Promise<void>;
}

/** The form by which a steward publishes a dataset. What it says about storage is sent and never shown again. */
export function Publish({ trans, onPublish }: PublishProps): React.JSX.Element {
  const [form, setForm] = React.useState(EMPTY_FORM);
  const [tried, setTried] = React.useState(false);
  const [sending, setSending] = React.useState(false);
  const [refusal, setRefusal] = React.useState<string>();
  const node = React.useRef<HTMLFormElement>(null);
  const errors = tried ? checkForm(form, trans) : {};

  const send = async (): Promise<void> => {
    setTried(true);
    if (Object.keys(checkForm(form, trans)).length > 0) {
      // The messages are drawn first; then the first field that needs care gets the focus.
      requestAnimationFrame(() => node.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
      return;
    }
    setSending(true);
    setRefusal(undefined);
    try {
      await onPublish(draftOf(form));
    } catch (error) {
      setRefusal(errorWords(error, trans));
    } finally {
      setSending(false);
    }
  };

  return (
    <form
      ref={node}
      className="jp-DataExplorer-publish"
      aria-label={trans.__('Publish a dataset')}
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void send();
      }}
    >
      <h2>{trans.__('Publish a dataset')}</h2>
      <p className="jp-DataExplorer-quiet">
        {trans.__(
          'Everyone in the consortium can see what you write here, except where the data lies: that stays with your organization.'
        )}
      </p>
      <Fields form={form} errors={errors} trans={trans} onChange={change => setForm({ ...form, ...change })} />
      {refusal && (
        <p role="alert" className="jp-DataExplorer-error">
          {refusal}
        </p>
      )}
      <Button type="submit" className="jp-mod-styled jp-mod-accept" disabled={sending}>
        {sending ? trans.__('Publishing…') : trans.__('Publish')}
      </Button>
    </form>
  );
}

function Fields(props: {
  readonly form: PublishForm;
  readonly errors: PublishErrors;
  readonly trans: TranslationBundle;
  readonly onChange: (change: Partial<PublishForm>) => void;
}): React.JSX.Element {
  const { form, errors, trans, onChange } = props;
  const wire = (name: Exclude<keyof PublishForm, 'approval'>) => ({
    value: form[name],
    error: errors[name],
    onChange: (value: string) => onChange({ [name]: value })
  });
  return (
    <>
      <fieldset>
        <legend>{trans.__('The data')}</legend>
        <TextField label={trans.__('Title')} required {...wire('title')} />
        <TextField
          label={trans.__('Short name')}
          placeholder={nameFrom(form.title)}
          hint={trans.__('The folder in which people find it.')}
          {...wire('name')}
        />
        <TextField label={trans.__('Description')} rows={4} {...wire('description')} />
        <TextField label={trans.__('Tags')} hint={trans.__('Between commas.')} {...wire('tags')} />
        <TextField label={trans.__('Size')} placeholder={trans.__('e.g. 168 rows')} {...wire('size')} />
        <TextField label={trans.__('Licence')} placeholder={trans.__('e.g. CC0-1.0')} {...wire('licence')} />
        <TextField
          label={trans.__('Columns')}
          hint={trans.__('Between commas, where it is a table.')}
          {...wire('columns')}
        />
        <TextField
          label={trans.__('Folders')}
          rows={4}
          hint={trans.__('Made in the home of who uses it. One a line; “results/figures” is a folder in a folder.')}
          {...wire('folders')}
        />
      </fieldset>
      <fieldset>
        <legend>{trans.__('Where it lies')}</legend>
        <TextField
          label={trans.__('Path')}
          required
          placeholder={trans.__('e.g. penguins/biscoe')}
          hint={trans.__('Below the data root of your organization.')}
          {...wire('path')}
        />
      </fieldset>
      <fieldset>
        <legend>{trans.__('Policy')}</legend>
        <TextField label={trans.__('People at once')} inputMode="numeric" {...wire('people')} />
        <TextField label={trans.__('Longest use, in hours')} inputMode="numeric" {...wire('hours')} />
        <SelectField
          label={trans.__('Who decides')}
          value={form.approval}
          options={[
            { value: 'auto', label: trans.__('This policy, at once') },
            { value: 'owner', label: trans.__('A steward, for each request') }
          ]}
          onChange={approval => onChange({ approval: approval === 'owner' ? 'owner' : 'auto' })}
        />
        <TextField
          label={trans.__('Purposes')}
          rows={3}
          hint={trans.__('One a line. Empty: any purpose.')}
          {...wire('purposes')}
        />
      </fieldset>
    </>
  );
}
