import type { Dataset, Lease } from '@jupyterflow/schema';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { CatalogModel } from '../model/catalog';
import { LeasesModel } from '../model/leases';
import { CommandIDs, ICatalog, IDataExplorer, ILeases, IPlatform } from '../tokens';
import { MyLeases } from '../widgets/leases';
import { section } from '../widgets/section';
import { CATEGORY, choose, confirm, DOMAIN, textArg, told } from './common';

/** The section My leases: to use data, renew and release it. */
export const leasesPlugin: JupyterFrontEndPlugin<LeasesModel> = {
  id: '@jupyterflow/dataexplorer:leases',
  description: 'Leases datasets and shows what you hold.',
  autoStart: true,
  provides: ILeases,
  requires: [IPlatform, IDataExplorer, ICatalog],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    platform: IPlatform,
    explorer: IDataExplorer,
    catalog: CatalogModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): LeasesModel => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const { commands } = app;
    const leases = new LeasesModel(platform, { mine: true });
    const parts: Parts = { app, platform, catalog, leases, trans };
    addUse(parts);
    addRenew(parts);
    addRelease(parts);
    for (const command of [CommandIDs.useData, CommandIDs.renew, CommandIDs.release]) {
      palette?.addItem({ command, category: CATEGORY });
    }
    leases.granted.connect((_, lease) => {
      const message = trans.__('You may use %1 now.', lease.datasetTitle);
      const label = trans.__('Make the folders');
      const callback = (): void => void commands.execute(CommandIDs.setUpFolders, { dataset: lease.dataset });
      Notification.success(message, { autoClose: false, actions: [{ label, callback }] });
    }, leases);
    const { consortium } = platform;
    const context = { commands, clock: explorer.clock, trans };
    const content = <MyLeases {...context} leases={leases} consortium={consortium} />;
    explorer.addSection(section('leases', trans.__('My leases'), content, trans), 20);
    explorer.refreshes(leases.live);
    leases.live.start();
    return leases;
  }
};

interface Parts {
  readonly app: JupyterFrontEnd;
  readonly platform: IPlatform;
  readonly catalog: CatalogModel;
  readonly leases: LeasesModel;
  readonly trans: TranslationBundle;
}

function addUse({ app, platform, catalog, leases, trans }: Parts): void {
  app.commands.addCommand(CommandIDs.useData, {
    label: trans.__('Use Data…'),
    isEnabled: args => textArg(args, 'dataset') !== undefined || catalog.selected !== undefined,
    describedBy: {
      args: {
        type: 'object',
        properties: { dataset: { type: 'string', description: 'Id; default the selected dataset.' } }
      }
    },
    execute: async args => {
      const id = textArg(args, 'dataset') ?? catalog.selected?.id;
      const dataset = catalog.find(id) ?? (id === undefined ? undefined : await told(platform.dataset(id), trans));
      if (!dataset) {
        return;
      }
      const { askUse } = await import('../widgets/use-data');
      const answer = await askUse(dataset, platform.consortium.nameOf, trans);
      if (!answer) {
        return;
      }
      const lease = await told(leases.request(dataset.id, answer.purpose, answer.duration), trans);
      await catalog.live.refresh();
      if (lease?.state === 'active') {
        await app.commands.execute(CommandIDs.setUpFolders, { dataset: dataset.id });
      } else if (lease) {
        Notification.info(askedWords(dataset, platform.consortium.nameOf(dataset.owner), trans), { autoClose: 8000 });
      }
    }
  });
}

function askedWords(dataset: Dataset, owner: string, trans: TranslationBundle): string {
  return trans.__('You asked %1 for %2. You will be told here when they decide.', owner, dataset.title);
}

const LEASE_ARGS = {
  args: {
    type: 'object',
    properties: { lease: { type: 'string', description: 'Id; default: asked for when there are several.' } }
  }
} as const;

/** The lease that is meant by the arguments of a command. */
async function leaseOf(lease: string | undefined, leases: LeasesModel, title: string): Promise<Lease | undefined> {
  return leases.find(lease) ?? (await choose(title, leases.active, ({ datasetTitle }) => datasetTitle));
}

function addRenew({ app, catalog, leases, trans }: Parts): void {
  app.commands.addCommand(CommandIDs.renew, {
    label: trans.__('Renew a Lease…'),
    isEnabled: args => textArg(args, 'lease') !== undefined || leases.active.length > 0,
    describedBy: LEASE_ARGS,
    execute: async args => {
      const lease = await leaseOf(textArg(args, 'lease'), leases, trans.__('Renew which lease?'));
      if (!lease) {
        return;
      }
      const { askRenew } = await import('../widgets/use-data');
      const duration = await askRenew(lease, catalog.find(lease.dataset)?.policy.maxDuration, trans);
      if (duration === undefined) {
        return;
      }
      if (await told(leases.change(lease.id, 'renew', { duration }), trans)) {
        await catalog.live.refresh();
      }
    }
  });
}

function addRelease({ app, catalog, leases, trans }: Parts): void {
  app.commands.addCommand(CommandIDs.release, {
    label: trans.__('Release a Lease…'),
    isEnabled: args => textArg(args, 'lease') !== undefined || leases.active.length > 0,
    describedBy: LEASE_ARGS,
    execute: async args => {
      const lease = await leaseOf(textArg(args, 'lease'), leases, trans.__('Release which lease?'));
      if (!lease) {
        return;
      }
      const title = trans.__('Release %1?', lease.datasetTitle);
      const body = trans.__('Others can use it then. Runs that use it are stopped. Your own files stay.');
      if (await confirm(title, body, trans.__('Release'), trans)) {
        await told(leases.change(lease.id, 'release'), trans);
        await catalog.live.refresh();
      }
    }
  });
}
