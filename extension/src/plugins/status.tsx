import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ReactWidget } from '@jupyterlab/apputils';
import { IStatusBar, TextItem } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import type { RunsModel } from '../model/runs';
import { CommandIDs, IRuns } from '../tokens';
import { useSignal } from '../widgets/hooks';
import { DOMAIN } from './common';

/** How many runs go on, in the status bar. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: '@jupyterflow/dataexplorer:status',
  description: 'Shows in the status bar how many runs go on.',
  autoStart: true,
  requires: [IRuns, IStatusBar],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, runs: RunsModel, statusBar: IStatusBar, translator: ITranslator | null): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const open = (): void => void app.commands.execute(CommandIDs.open);
    const item = ReactWidget.create(<RunCount runs={runs} trans={trans} onClick={open} />);
    item.addClass('jp-mod-highlighted');
    const activeStateChanged = new Signal<RunsModel, void>(runs);
    runs.live.changed.connect(() => activeStateChanged.emit(), runs);
    statusBar.registerStatusItem('@jupyterflow/dataexplorer:status', {
      item,
      align: 'left',
      rank: 20,
      isActive: () => runs.active.length > 0,
      activeStateChanged
    });
  }
};

function RunCount(props: {
  readonly runs: RunsModel;
  readonly trans: TranslationBundle;
  readonly onClick: () => void;
}): React.JSX.Element {
  const { runs, trans, onClick } = props;
  useSignal(runs.live.changed);
  const text = trans._n('1 run going on', '%1 runs going on', runs.active.length);
  return <TextItem source={text} title={trans.__('Open DataExplorer')} onClick={onClick} role="button" tabIndex={0} />;
}
