import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { CommandToolbarButton, SidePanel, Toolbar } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { MessageLoop, type Message } from '@lumino/messaging';
import { AccordionPanel, PanelLayout, Widget } from '@lumino/widgets';
import * as React from 'react';
import { dataExplorerIcon } from '../icons';
import { Clock } from '../model/clock';
import type { Live } from '../model/live';
import { Reach } from '../model/reach';
import { CommandIDs, type IDataExplorer } from '../tokens';
import { reactWidget } from './section';
import { OutageBanner } from './states';

/** The panel: a title, what is wrong with the platform if anything is, and the sections. */
export class ExplorerPanel extends SidePanel implements IDataExplorer {
  constructor(commands: CommandRegistry, trans: TranslationBundle, translator: ITranslator) {
    super({ translator });
    this.id = 'jp-DataExplorer';
    this.addClass('jp-DataExplorer');
    this.title.icon = dataExplorerIcon;
    this.title.caption = trans.__('DataExplorer');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('DataExplorer'));

    const heading = new Widget({ node: document.createElement('h2') });
    heading.node.textContent = trans.__('DataExplorer');
    this.toolbar.addItem('title', heading);
    this.toolbar.addItem('spacer', Toolbar.createSpacerItem());
    this.toolbar.addItem('refresh', new CommandToolbarButton({ commands, id: CommandIDs.refresh, label: '' }));
    const banner = reactWidget(<OutageBanner reach={this.#reach} clock={this.clock} trans={trans} />, trans);
    banner.addClass('jp-DataExplorer-banner');
    // Between the title and the sections.
    if (this.layout instanceof PanelLayout) {
      this.layout.insertWidget(1, banner);
    }
    this.#resized = new ResizeObserver(() => MessageLoop.postMessage(this.content, Widget.ResizeMessage.UnknownSize));
    this.#resized.observe(banner.node);
  }

  readonly clock = new Clock();

  /** How the shell brings this panel to the front. */
  onReveal: () => void = () => undefined;

  addSection(section: Widget, rank: number): void {
    const index = this.#ranks.filter(other => other <= rank).length;
    this.#ranks.splice(index, 0, rank);
    // An accordion puts what is inserted at the end of the DOM; the order for Tab must be the one that is seen.
    const later = this.widgets.slice(index);
    later.forEach(widget => (widget.parent = null));
    [section, ...later].forEach(widget => this.addWidget(widget));
    if (this.content instanceof AccordionPanel) {
      this.content.setRelativeSizes(this.widgets.map((_, place) => (place === 0 ? 2 : 1)));
    }
  }

  reveal(): void {
    this.onReveal();
  }

  refreshes(live: Live<unknown>): void {
    this.#reach.add(live);
  }

  /** Loads everything now. */
  refresh(): Promise<void> {
    return this.#reach.refresh();
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.#resized.disconnect();
    this.clock.dispose();
    this.#reach.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
  }

  readonly #reach = new Reach();
  readonly #ranks: number[] = [];
  /** The sections share what the banner leaves of the height. */
  readonly #resized: ResizeObserver;
}
