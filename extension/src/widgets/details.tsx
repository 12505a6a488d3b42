import type { Dataset } from '@jupyterflow/schema';
import { Button, closeIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { folderLines, HOME } from '../scaffold/plan';
import { CommandIDs } from '../tokens';
import { policyWords } from '../words/policy';
import { standing, standingWords } from '../words/state';
import type { DatasetsProps } from './datasets';
import { useNow } from './hooks';
import { IconButton } from './phase';

/** What there is to know about one dataset, and the button to use it. */
export function DatasetDetails(props: DatasetsProps & { readonly dataset: Dataset }): React.JSX.Element {
  const { dataset, catalog, commands, platform, trans } = props;
  const { nameOf } = platform.consortium;
  const section = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    // Nothing is returned: newer browsers give a promise here, which React would call as a clean-up.
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [dataset.id]);
  const heading = `jp-DataExplorer-details-${dataset.id}`;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [trans.__('Owner'), nameOf(dataset.owner)],
    [trans.__('Policy'), policyWords(dataset.policy, nameOf, trans)],
    [trans.__('Size'), dataset.size],
    [trans.__('Licence'), dataset.licence],
    [trans.__('Tags'), dataset.tags.join(', ')],
    [trans.__('Columns'), dataset.columns.join(', ')],
    [trans.__('Folders'), lines(folderLines(dataset.structure))],
    [trans.__('In jobs at'), <code>{`${HOME}/${dataset.name}`}</code>],
    [
      trans.__('Id'),
      <span className="jp-DataExplorer-id">
        <code>{dataset.id}</code>
        <IconButton
          icon={copyIcon}
          label={trans.__('Copy the id')}
          onClick={() => void commands.execute(CommandIDs.copyId, { dataset: dataset.id })}
        />
      </span>
    ]
  ];
  return (
    <section
      ref={section}
      className="jp-DataExplorer-details"
      aria-labelledby={heading}
      onKeyDown={event => event.key === 'Escape' && catalog.select(undefined)}
    >
      <header>
        <h3 id={heading}>{dataset.title}</h3>
        <IconButton icon={closeIcon} label={trans.__('Close details')} onClick={() => catalog.select(undefined)} />
      </header>
      <Use {...props} />
      {dataset.description && <p className="jp-DataExplorer-description">{dataset.description}</p>}
      <dl>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** The next step: use it, or work with it, or when it is free. */
function Use({ dataset, commands, clock, trans }: DatasetsProps & { readonly dataset: Dataset }): React.JSX.Element {
  const state = standing(dataset);
  const now = useNow(clock, state !== 'open');
  const run = (command: string): void => void commands.execute(command, { dataset: dataset.id });
  if (state === 'open') {
    return (
      <Button className="jp-mod-styled jp-mod-accept jp-DataExplorer-use" onClick={() => run(CommandIDs.useData)}>
        {trans.__('Use data…')}
      </Button>
    );
  }
  return (
    <p className="jp-DataExplorer-use">
      <span>{standingWords(dataset, now, trans)}</span>
      {state === 'yours' && (
        <>
          <Button className="jp-mod-styled jp-mod-small" onClick={() => run(CommandIDs.newWorkflow)}>
            {trans.__('New workflow')}
          </Button>
          <Button className="jp-mod-styled jp-mod-small" onClick={() => run(CommandIDs.showFolder)}>
            {trans.__('Show folder')}
          </Button>
        </>
      )}
    </p>
  );
}

function lines(texts: readonly string[]): React.ReactNode {
  return texts.length === 0 ? undefined : texts.map(text => <div key={text}>{text}</div>);
}
