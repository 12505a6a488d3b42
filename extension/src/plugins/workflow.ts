import type { Dataset } from '@jupyterflow/schema';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Clipboard, ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { yamlIcon } from '@jupyterlab/ui-components';
import type { CatalogModel } from '../model/catalog';
import type { LeasesModel } from '../model/leases';
import { errorWords } from '../problems';
import { isName } from '../scaffold/plan';
import { scaffold } from '../scaffold/scaffold';
import { CommandIDs, ICatalog, ILeases, IPlatform } from '../tokens';
import { createWorkflow, workflowFolder } from '../workflow/create';
import { starterVolumes, starterWorkflow, volumeLine } from '../workflow/starter';
import { CATEGORY, choose, DOMAIN, textArg, told } from './common';

/** Folders and workflow files in the home, through the Contents API only. */
export const workflowPlugin: JupyterFrontEndPlugin<void> = {
  id: '@jupyterflow/dataexplorer:workflow',
  description: 'Makes the folders of a dataset and a workflow.yaml to begin with.',
  autoStart: true,
  requires: [IPlatform, ICatalog, ILeases],
  optional: [ITranslator, ICommandPalette, ILauncher, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    platform: IPlatform,
    catalog: CatalogModel,
    leases: LeasesModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browser: IDefaultFileBrowser | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const parts: Parts = { app, platform, catalog, leases, trans, browser };
    addFolders(parts);
    addNewWorkflow(parts);
    addInsert(parts);
    for (const command of [CommandIDs.newWorkflow, CommandIDs.insertVolume]) {
      palette?.addItem({ command, category: CATEGORY });
    }
    launcher?.add({ command: CommandIDs.newWorkflow, category: trans.__('Other'), rank: 10 });
  }
};

interface Parts {
  readonly app: JupyterFrontEnd;
  readonly platform: IPlatform;
  readonly catalog: CatalogModel;
  readonly leases: LeasesModel;
  readonly trans: TranslationBundle;
  readonly browser: IDefaultFileBrowser | null;
}

const DATASET_ARGS = {
  args: {
    type: 'object',
    required: ['dataset'],
    properties: { dataset: { type: 'string', description: 'Id of the dataset.' } }
  }
} as const;

function addFolders({ app, platform, catalog, trans }: Parts): void {
  const { commands, serviceManager } = app;
  const meant = (args: Parameters<typeof textArg>[0]): Promise<Dataset | undefined> => {
    const id = textArg(args, 'dataset');
    return id === undefined
      ? Promise.resolve(undefined)
      : told(Promise.resolve(catalog.find(id) ?? platform.dataset(id)), trans);
  };
  commands.addCommand(CommandIDs.setUpFolders, {
    label: trans.__('Make the Folders of a Dataset'),
    describedBy: DATASET_ARGS,
    execute: async args => {
      const dataset = await meant(args);
      if (!dataset) {
        return;
      }
      const show = {
        label: trans.__('Show folder'),
        callback: () => void commands.execute(CommandIDs.showFolder, { dataset: dataset.id })
      };
      const start = {
        label: trans.__('New workflow'),
        callback: () => void commands.execute(CommandIDs.newWorkflow, { dataset: dataset.id })
      };
      try {
        await scaffold(dataset, serviceManager.contents, trans);
        const message = trans.__('%1 is yours. Its folders are in ~/%2.', dataset.title, dataset.name);
        Notification.success(message, { autoClose: false, actions: [show, start] });
      } catch (error) {
        const message = trans.__('You may use %1, but: %2', dataset.title, errorWords(error, trans));
        Notification.warning(message, { autoClose: false, actions: [start] });
      }
    }
  });
  commands.addCommand(CommandIDs.showFolder, {
    label: trans.__('Show the Folder of a Dataset'),
    describedBy: DATASET_ARGS,
    execute: async args => {
      const dataset = await meant(args);
      if (dataset && isName(dataset.name)) {
        await commands.execute('filebrowser:go-to-path', { path: `/${dataset.name}` });
      }
    }
  });
}

function addNewWorkflow({ app, leases, trans, browser }: Parts): void {
  const { commands, serviceManager } = app;
  commands.addCommand(CommandIDs.newWorkflow, {
    label: args => (args['isPalette'] ? trans.__('New Workflow') : trans.__('Workflow')),
    caption: trans.__('A workflow.yaml to begin with, for the data you use now'),
    icon: yamlIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          cwd: { type: 'string', description: 'Folder of the file; default the one that the file browser shows.' },
          dataset: { type: 'string', description: 'Id of the only dataset to use; default all that are leased.' }
        }
      }
    },
    execute: async args => {
      const only = textArg(args, 'dataset');
      await leases.live.refresh();
      const used = leases.active.filter(lease => only === undefined || lease.dataset === only);
      const wish = textArg(args, 'cwd') ?? browser?.model.path ?? '';
      const mounted = leases.active.map(({ datasetName }) => datasetName);
      const folder = workflowFolder(serviceManager.contents.localPath(wish), mounted);
      const path = await told(createWorkflow(folder, starterWorkflow(used), serviceManager.contents), trans);
      if (path !== undefined) {
        await commands.execute('docmanager:open', { path });
      }
    }
  });
}

/** The editor's own command; it is enabled while a text file is in front. */
const REPLACE_SELECTION = 'fileeditor:replace-selection';

function addInsert({ app, leases, trans }: Parts): void {
  const { commands } = app;
  commands.addCommand(CommandIDs.insertVolume, {
    label: trans.__('Insert a Dataset into the Workflow'),
    isEnabled: args => textArg(args, 'lease') !== undefined || leases.active.length > 0,
    describedBy: {
      args: {
        type: 'object',
        properties: { lease: { type: 'string', description: 'Id; default: asked for when there are several.' } }
      }
    },
    execute: async args => {
      const lease =
        leases.find(textArg(args, 'lease')) ??
        (await choose(trans.__('Insert which dataset?'), leases.active, ({ datasetTitle }) => datasetTitle));
      const volume = lease && starterVolumes([lease])[0];
      if (!volume) {
        return;
      }
      const text = volumeLine(volume);
      if (commands.hasCommand(REPLACE_SELECTION) && commands.isEnabled(REPLACE_SELECTION)) {
        await commands.execute(REPLACE_SELECTION, { text });
        return;
      }
      Clipboard.copyToSystem(text);
      Notification.info(trans.__('Copied. Paste it under “volumes:” of a job.'), { autoClose: 5000 });
    }
  });
}
