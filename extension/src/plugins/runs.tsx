import type { Run } from '@jupyterflow/schema';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { CommandToolbarButton, launchIcon, stopIcon, Toolbar } from '@jupyterlab/ui-components';
import * as React from 'react';
import { dataExplorerIcon } from '../icons';
import { liveRun, RunsModel } from '../model/runs';
import { CommandIDs, IDataExplorer, IPlatform, IRuns } from '../tokens';
import { Runs } from '../widgets/runs';
import { reactWidget, section } from '../widgets/section';
import { isActive, runReason } from '../words/state';
import { CATEGORY, choose, confirm, DOMAIN, textArg, told } from './common';

/** The section Runs, and a run in the main area. */
export const runsPlugin: JupyterFrontEndPlugin<RunsModel> = {
  id: '@jupyterflow/dataexplorer:runs',
  description: 'Shows your runs, their jobs and their logs.',
  autoStart: true,
  provides: IRuns,
  requires: [IPlatform, IDataExplorer],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    platform: IPlatform,
    explorer: IDataExplorer,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): RunsModel => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const runs = new RunsModel(platform);
    const parts: Parts = { app, platform, explorer, runs, trans };
    addOpen(parts);
    addStop(parts);
    addArgo(parts);
    for (const command of [CommandIDs.openRun, CommandIDs.stopRun, CommandIDs.openInArgo]) {
      palette?.addItem({ command, category: CATEGORY });
    }
    runs.ended.connect((_, run) => notify(run, parts), runs);
    const content = <Runs commands={app.commands} clock={explorer.clock} trans={trans} runs={runs} />;
    explorer.addSection(section('runs', trans.__('Runs'), content, trans), 30);
    explorer.refreshes(runs.live);
    runs.live.start();
    return runs;
  }
};

interface Parts {
  readonly app: JupyterFrontEnd;
  readonly platform: IPlatform;
  readonly explorer: IDataExplorer;
  readonly runs: RunsModel;
  readonly trans: TranslationBundle;
}

const RUN_ARGS = {
  args: {
    type: 'object',
    properties: { run: { type: 'string', description: 'Id; default: asked for when there are several.' } }
  }
} as const;

async function runOf(id: string | undefined, title: string, among: readonly Run[]): Promise<string | undefined> {
  return id ?? (await choose(title, among, ({ name }) => name))?.id;
}

function notify(run: Run, { app, trans }: Parts): void {
  const actions = [
    { label: trans.__('Show run'), callback: () => void app.commands.execute(CommandIDs.openRun, { run: run.id }) }
  ];
  if (run.state === 'Succeeded') {
    Notification.success(trans.__('%1 succeeded.', run.name), { autoClose: 8000, actions });
  } else {
    const why = runReason(run, trans);
    const message = why ? trans.__('%1 failed: %2', run.name, why) : trans.__('%1 failed.', run.name);
    Notification.error(message, { autoClose: false, actions });
  }
}

function addOpen({ app, platform, explorer, runs, trans }: Parts): void {
  const { commands, shell } = app;
  commands.addCommand(CommandIDs.openRun, {
    label: trans.__('Open a Run'),
    isEnabled: args => textArg(args, 'run') !== undefined || (runs.live.value ?? []).length > 0,
    describedBy: RUN_ARGS,
    execute: async args => {
      const run = await runOf(textArg(args, 'run'), trans.__('Open which run?'), runs.live.value ?? []);
      if (run === undefined) {
        return;
      }
      const id = `jp-DataExplorer-${run}`;
      if (![...shell.widgets('main')].some(widget => widget.id === id)) {
        const { RunView } = await import('../widgets/run');
        const live = liveRun(platform, run);
        const view = (
          <RunView commands={commands} clock={explorer.clock} trans={trans} live={live} platform={platform} />
        );
        const main = new MainAreaWidget({ content: reactWidget(view, trans) });
        main.id = id;
        main.title.label = runs.find(run)?.name ?? run;
        main.title.icon = dataExplorerIcon;
        main.title.closable = true;
        main.toolbar.addItem('spacer', Toolbar.createSpacerItem());
        const tools = [CommandIDs.openInArgo, CommandIDs.stopRun];
        for (const command of tools) {
          main.toolbar.addItem(command, new CommandToolbarButton({ commands, id: command, args: { run } }));
        }
        const showTools = (): void => main.toolbar.setHidden(!tools.some(tool => commands.isVisible(tool, { run })));
        runs.live.changed.connect(showTools, main);
        showTools();
        main.disposed.connect(() => live.dispose(), live);
        live.start();
        shell.add(main, 'main');
      }
      shell.activateById(id);
    }
  });
}

function addStop({ app, runs, trans }: Parts): void {
  const { commands } = app;
  const meant = (id: string | undefined): boolean => {
    const run = runs.find(id);
    return run ? isActive(run) : id === undefined && runs.active.length > 0;
  };
  commands.addCommand(CommandIDs.stopRun, {
    label: args => (textArg(args, 'run') === undefined ? trans.__('Stop a Run…') : trans.__('Stop')),
    icon: stopIcon,
    isEnabled: args => meant(textArg(args, 'run')),
    isVisible: args => meant(textArg(args, 'run')),
    describedBy: RUN_ARGS,
    execute: async args => {
      const id = await runOf(textArg(args, 'run'), trans.__('Stop which run?'), runs.active);
      if (id === undefined) {
        return;
      }
      const title = trans.__('Stop %1?', runs.find(id)?.name ?? id);
      if (
        await confirm(title, trans.__('Jobs that run are ended; the others do not start.'), trans.__('Stop'), trans)
      ) {
        await told(runs.stop(id), trans);
      }
    }
  });
  runs.live.changed.connect(() => {
    commands.notifyCommandChanged(CommandIDs.stopRun);
    commands.notifyCommandChanged(CommandIDs.openInArgo);
  }, runs);
}

/** The run's address in the Argo UI, if it is a web address. */
export function argoLink(run: Run | undefined): string | undefined {
  const link = run?.links.argo;
  return link !== undefined && /^https?:\/\//i.test(link) ? link : undefined;
}

function addArgo({ app, runs, trans }: Parts): void {
  const linked = (): readonly Run[] => (runs.live.value ?? []).filter(argoLink);
  const isThere = (id: string | undefined): boolean =>
    id === undefined ? linked().length > 0 : argoLink(runs.find(id)) !== undefined;
  app.commands.addCommand(CommandIDs.openInArgo, {
    label: trans.__('Open in Argo'),
    icon: launchIcon,
    isEnabled: args => isThere(textArg(args, 'run')),
    isVisible: args => isThere(textArg(args, 'run')),
    describedBy: RUN_ARGS,
    execute: async args => {
      const link = argoLink(
        runs.find(await runOf(textArg(args, 'run'), trans.__('Open which run in Argo?'), linked()))
      );
      if (link !== undefined) {
        window.open(link, '_blank', 'noopener,noreferrer');
      }
    }
  });
}
