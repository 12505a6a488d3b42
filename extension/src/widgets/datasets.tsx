import type { Dataset } from '@jupyterflow/schema';
import { Button, InputGroup } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { CatalogModel } from '../model/catalog';
import type { IPlatform } from '../tokens';
import { CommandIDs } from '../tokens';
import { standing, standingWords } from '../words/state';
import type { Context } from './context';
import { DatasetDetails } from './details';
import { useNow, useSignal } from './hooks';
import { ListBox } from './listbox';
import { StandingIcon } from './phase';
import { Empty, Loaded } from './states';

export interface DatasetsProps extends Context {
  readonly catalog: CatalogModel;
  readonly platform: IPlatform;
}

/** The catalogue: search, list, details of the one chosen. */
export function Datasets(props: DatasetsProps): React.JSX.Element {
  const { catalog, platform, clock, trans } = props;
  useSignal(catalog.changed);
  useSignal(platform.consortium.live.changed);
  return (
    <div className="jp-DataExplorer-datasets">
      <div className="jp-DataExplorer-search">
        <InputGroup
          type="search"
          aria-label={trans.__('Search datasets')}
          placeholder={trans.__('Search datasets')}
          rightIcon="ui-components:search"
          value={catalog.query}
          onChange={event => (catalog.query = event.currentTarget.value)}
        />
      </div>
      <Loaded live={catalog.live} clock={clock} trans={trans}>
        {() => <Found {...props} />}
      </Loaded>
    </div>
  );
}

function Found(props: DatasetsProps): React.JSX.Element {
  const { catalog, trans } = props;
  const shown = catalog.shown;
  if (shown.length === 0) {
    return catalog.query.trim() === '' ? <NoDatasets {...props} /> : <NoMatch {...props} />;
  }
  const { total = shown.length, more = false } = catalog.live.value ?? {};
  return (
    <>
      <div className="jp-DataExplorer-scroll">
        <ListBox
          label={trans.__('Datasets')}
          items={shown}
          selected={catalog.selected?.id}
          onSelect={id => catalog.select(id)}
        >
          {dataset => <Row dataset={dataset} {...props} />}
        </ListBox>
        <p className="jp-DataExplorer-count" role="status">
          {trans.__('%1 of %2', shown.length, Math.max(total, shown.length))}
        </p>
        {more && (
          <Button className="jp-mod-styled jp-mod-small" onClick={() => void catalog.showMore()}>
            {trans.__('Show more')}
          </Button>
        )}
      </div>
      {catalog.selected && <DatasetDetails {...props} dataset={catalog.selected} />}
    </>
  );
}

function NoDatasets({ commands, trans, platform }: DatasetsProps): React.JSX.Element {
  useSignal(platform.identity.changed);
  return (
    <Empty text={trans.__('No datasets yet. Organizations publish them here.')}>
      {platform.identity.value?.allowed.includes('dataset:publish') && (
        <Button className="jp-mod-styled jp-mod-accept" onClick={() => void commands.execute(CommandIDs.publish)}>
          {trans.__('Publish a dataset')}
        </Button>
      )}
    </Empty>
  );
}

function NoMatch({ catalog, trans }: DatasetsProps): React.JSX.Element {
  return (
    <Empty text={trans.__('No dataset matches “%1”.', catalog.query.trim())}>
      <Button className="jp-mod-styled" onClick={() => (catalog.query = '')}>
        {trans.__('Clear search')}
      </Button>
    </Empty>
  );
}

function Row({ dataset, platform, clock, trans }: DatasetsProps & { readonly dataset: Dataset }): React.JSX.Element {
  const { nameOf } = platform.consortium;
  const now = useNow(clock, dataset.availability !== 'open');
  const words = standingWords(dataset, now, trans);
  return (
    <>
      <span className="jp-DataExplorer-title" title={dataset.title}>
        {dataset.title}
      </span>
      <span className="jp-DataExplorer-facts">
        <span className="jp-DataExplorer-owner">
          {[nameOf(dataset.owner), dataset.size].filter(Boolean).join(' · ')}
        </span>
        <span
          className="jp-DataExplorer-state"
          title={dataset.takenBy ? trans.__('In use at %1', nameOf(dataset.takenBy)) : undefined}
        >
          <StandingIcon state={standing(dataset)} />
          {words}
        </span>
      </span>
    </>
  );
}
