import { LabIcon } from '@jupyterlab/ui-components';
import svg from '../style/icons/dataexplorer.svg';

/** Stacked tables under a magnifier: data to look through. */
export const dataExplorerIcon = new LabIcon({ name: '@jupyterflow/dataexplorer:icon', svgstr: svg });
