import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Clipboard, ICommandPalette, MainAreaWidget, Notification } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { addIcon, CommandToolbarButton } from '@jupyterlab/ui-components';
import * as React from 'react';
import { dataExplorerIcon } from '../icons';
import { CatalogModel } from '../model/catalog';
import { CommandIDs, ICatalog, IDataExplorer, IPlatform } from '../tokens';
import { Datasets } from '../widgets/datasets';
import { reactWidget, section } from '../widgets/section';
import { CATEGORY, DOMAIN, textArg } from './common';

/** The section Datasets, and publishing. */
export const catalogPlugin: JupyterFrontEndPlugin<CatalogModel> = {
  id: '@jupyterflow/dataexplorer:catalog',
  description: 'Shows the datasets of all organizations and lets stewards publish.',
  autoStart: true,
  provides: ICatalog,
  requires: [IPlatform, IDataExplorer],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    platform: IPlatform,
    explorer: IDataExplorer,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): CatalogModel => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const { commands } = app;
    const catalog = new CatalogModel(platform, () => !explorer.isVisible);
    addCommands(app, platform, catalog, trans);
    palette?.addItem({ command: CommandIDs.publish, category: CATEGORY });
    palette?.addItem({ command: CommandIDs.copyId, category: CATEGORY });

    const context = { commands, clock: explorer.clock, trans };
    const content = <Datasets {...context} catalog={catalog} platform={platform} />;
    const panel = section('datasets', trans.__('Datasets'), content, trans);
    panel.toolbar.addItem('publish', new CommandToolbarButton({ commands, id: CommandIDs.publish, label: '' }));
    explorer.addSection(panel, 10);
    explorer.refreshes(catalog.live);
    catalog.live.start();
    return catalog;
  }
};

function addCommands(app: JupyterFrontEnd, platform: IPlatform, catalog: CatalogModel, trans: TranslationBundle): void {
  const { commands } = app;
  const maySee = (): boolean => platform.identity.value?.allowed.includes('dataset:publish') ?? false;
  commands.addCommand(CommandIDs.publish, {
    label: trans.__('Publish a Dataset'),
    caption: trans.__('Publish a dataset'),
    icon: addIcon,
    isEnabled: maySee,
    isVisible: maySee,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => openForm(app, catalog, trans)
  });
  platform.identity.changed.connect(() => commands.notifyCommandChanged(CommandIDs.publish), catalog);
  commands.addCommand(CommandIDs.copyId, {
    label: trans.__('Copy Id of Dataset'),
    isEnabled: args => textArg(args, 'dataset') !== undefined || catalog.selected !== undefined,
    describedBy: {
      args: {
        type: 'object',
        properties: { dataset: { type: 'string', description: 'Id; default the selected dataset.' } }
      }
    },
    execute: args => {
      const id = textArg(args, 'dataset') ?? catalog.selected?.id;
      if (id !== undefined) {
        Clipboard.copyToSystem(id);
        Notification.info(trans.__('Copied %1.', id), { autoClose: 2000 });
      }
    }
  });
}

/** Opens the publishing form, or shows the one that is open. */
async function openForm(app: JupyterFrontEnd, catalog: CatalogModel, trans: TranslationBundle): Promise<void> {
  const id = 'jp-DataExplorer-publish';
  if ([...app.shell.widgets('main')].some(widget => widget.id === id)) {
    app.shell.activateById(id);
    return;
  }
  const { Publish } = await import('../widgets/publish');
  const form = (
    <Publish
      trans={trans}
      onPublish={async draft => {
        const dataset = await catalog.publish(draft);
        Notification.success(trans.__('%1 is published.', dataset.title), { autoClose: 5000 });
        catalog.select(dataset.id);
        main.dispose();
      }}
    />
  );
  const main = new MainAreaWidget({ content: reactWidget(form, trans) });
  main.toolbar.hide();
  main.id = id;
  main.title.label = trans.__('Publish a dataset');
  main.title.icon = dataExplorerIcon;
  main.title.closable = true;
  app.shell.add(main, 'main');
  app.shell.activateById(id);
}
