import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelWithToolbar, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Boundary } from './states';

/** A widget that draws one component, and a message in its place should that fail. */
export function reactWidget(content: React.JSX.Element, trans: TranslationBundle): ReactWidget {
  const widget = ReactWidget.create(<Boundary trans={trans}>{content}</Boundary>);
  widget.addClass('jp-DataExplorer-body');
  return widget;
}

/** A section of the panel, as JupyterLab's own side panels have them. */
export function section(
  id: string,
  label: string,
  content: React.JSX.Element,
  trans: TranslationBundle
): PanelWithToolbar {
  const panel = new PanelWithToolbar();
  panel.id = `jp-DataExplorer-${id}`;
  panel.addClass('jp-DataExplorer-section');
  panel.title.label = label;
  panel.addWidget(reactWidget(content, trans));
  return panel;
}
