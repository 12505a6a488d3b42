import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import { dataExplorerIcon } from '../icons';
import { CommandIDs, IDataExplorer, IPlatform } from '../tokens';
import { ExplorerPanel } from '../widgets/panel';
import { CATEGORY, DOMAIN } from './common';

/** Third-party panels are at 501 to 899. */
const RANK = 600;

/** The panel in the left sidebar; other plugins add its sections. */
export const panelPlugin: JupyterFrontEndPlugin<IDataExplorer> = {
  id: '@jupyterflow/dataexplorer:panel',
  description: 'Adds the DataExplorer panel to the left sidebar.',
  autoStart: true,
  provides: IDataExplorer,
  requires: [IPlatform],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    platform: IPlatform,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): IDataExplorer => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const { commands, shell } = app;
    const panel = new ExplorerPanel(commands, trans, translator ?? nullTranslator);
    panel.refreshes(platform.identity);
    panel.refreshes(platform.consortium.live);

    commands.addCommand(CommandIDs.open, {
      label: trans.__('Open DataExplorer'),
      icon: dataExplorerIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => panel.reveal()
    });
    commands.addCommand(CommandIDs.refresh, {
      label: trans.__('Refresh DataExplorer'),
      caption: trans.__('Refresh'),
      icon: refreshIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => panel.refresh()
    });
    for (const command of [CommandIDs.open, CommandIDs.refresh]) {
      palette?.addItem({ command, category: CATEGORY });
    }
    panel.onReveal = () => shell.activateById(panel.id);
    shell.add(panel, 'left', { rank: RANK, type: 'DataExplorer' });
    restorer?.add(panel, 'dataexplorer');
    return panel;
  }
};
