import type { Lease, Me } from '@jupyterflow/schema';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { LeasesModel } from '../model/leases';
import { CommandIDs, IDataExplorer, IPlatform } from '../tokens';
import { LentLeases } from '../widgets/leases';
import { section } from '../widgets/section';
import { DOMAIN, textArg, told } from './common';

/** The section Our data, for stewards: who uses it and who asks to. */
export const lendingPlugin: JupyterFrontEndPlugin<void> = {
  id: '@jupyterflow/dataexplorer:lending',
  description: 'Lets stewards approve, deny and revoke leases on the data of their organization.',
  autoStart: true,
  requires: [IPlatform, IDataExplorer],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    platform: IPlatform,
    explorer: IDataExplorer,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const { commands } = app;
    const lent = new LeasesModel(platform, { mine: false, select: lease => isOurs(lease, platform.identity.value) });
    addDecisions(app, lent, trans);
    let shown = false;
    platform.identity.changed.connect(() => {
      if (shown || !platform.identity.value?.allowed.includes('lease:revoke')) {
        return;
      }
      shown = true;
      const context = { commands, clock: explorer.clock, trans };
      const content = <LentLeases {...context} leases={lent} consortium={platform.consortium} />;
      explorer.addSection(section('lending', trans.__('Our data'), content, trans), 40);
      explorer.refreshes(lent.live);
      lent.live.start();
    }, lent);
  }
};

/** Whether a lease is on the data of the caller's organization. */
export function isOurs(lease: Lease, me: Me | undefined): boolean {
  return me?.organization !== null && lease.owner === me?.organization.id;
}

function addDecisions(app: JupyterFrontEnd, lent: LeasesModel, trans: TranslationBundle): void {
  const describedBy = {
    args: {
      type: 'object',
      required: ['lease'],
      properties: { lease: { type: 'string', description: 'Id of the lease.' } }
    }
  } as const;
  const meant = (args: Parameters<typeof textArg>[0]): Lease | undefined => lent.find(textArg(args, 'lease'));
  const decline = async (lease: Lease, verb: 'deny' | 'revoke', title: string, accept: string): Promise<void> => {
    const label = trans.__('Why (they will read it)');
    const { value, button } = await InputDialog.getText({ title, label, okLabel: accept });
    if (button.accept) {
      const reason = value?.trim();
      await told(lent.change(lease.id, verb, reason ? { reason } : {}), trans);
    }
  };
  app.commands.addCommand(CommandIDs.approve, {
    label: trans.__('Approve a Lease'),
    describedBy,
    execute: async args => {
      const lease = meant(args);
      if (lease) {
        await told(lent.change(lease.id, 'approve'), trans);
      }
    }
  });
  app.commands.addCommand(CommandIDs.deny, {
    label: trans.__('Deny a Lease…'),
    describedBy,
    execute: async args => {
      const lease = meant(args);
      if (lease) {
        const title = trans.__('Deny %1 to %2?', lease.datasetTitle, lease.holder.user);
        await decline(lease, 'deny', title, trans.__('Deny'));
      }
    }
  });
  app.commands.addCommand(CommandIDs.revoke, {
    label: trans.__('Revoke a Lease…'),
    describedBy,
    execute: async args => {
      const lease = meant(args);
      if (lease) {
        const title = trans.__('Revoke %1 from %2?', lease.datasetTitle, lease.holder.user);
        await decline(lease, 'revoke', title, trans.__('Revoke'));
      }
    }
  });
}
