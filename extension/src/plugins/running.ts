import type { Run } from '@jupyterflow/schema';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRunningSessionManagers, type IRunningSessions } from '@jupyterlab/running';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { stopIcon } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import { dataExplorerIcon } from '../icons';
import type { RunsModel } from '../model/runs';
import { CommandIDs, IRuns } from '../tokens';
import { progress } from '../words/state';
import { DOMAIN, told } from './common';

/** Runs that go on, in JupyterLab's own panel of what runs. */
export const runningPlugin: JupyterFrontEndPlugin<void> = {
  id: '@jupyterflow/dataexplorer:running',
  description: 'Shows runs that go on in the Running panel of JupyterLab.',
  autoStart: true,
  requires: [IRuns, IRunningSessionManagers],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    runs: RunsModel,
    managers: IRunningSessionManagers,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const changed = new Signal<RunsModel, void>(runs);
    let before = '';
    runs.live.changed.connect(() => {
      const now = JSON.stringify(runs.active.map(run => [run.id, progress(run)]));
      if (now !== before) {
        before = now;
        changed.emit();
      }
    }, runs);
    const item = (run: Run): IRunningSessions.IRunningItem => ({
      icon: () => dataExplorerIcon,
      label: () => run.name,
      labelTitle: () => run.workspace,
      detail: () => {
        const { done, total } = progress(run);
        return `${done}/${total}`;
      },
      open: () => void app.commands.execute(CommandIDs.openRun, { run: run.id }),
      shutdown: () => void app.commands.execute(CommandIDs.stopRun, { run: run.id })
    });
    managers.add({
      name: trans.__('Workflow Runs'),
      running: () => runs.active.map(item),
      refreshRunning: () => void runs.live.refresh(),
      runningChanged: changed,
      shutdownAll: () => runs.active.forEach(({ id }) => void told(runs.stop(id), trans)),
      shutdownLabel: trans.__('Stop'),
      shutdownAllLabel: trans.__('Stop All'),
      shutdownAllConfirmationText: trans.__('Stop all runs? Jobs that run are ended; the others do not start.'),
      shutdownItemIcon: stopIcon
    });
  }
};
