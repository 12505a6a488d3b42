import type { Me } from '@jupyterflow/schema';
import { Token } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import type { CatalogModel } from './model/catalog';
import type { Clock } from './model/clock';
import type { LeasesModel } from './model/leases';
import type { Live } from './model/live';
import type { Organizations } from './model/organizations';
import type { RunsModel } from './model/runs';
import type { Platform } from './platform';

/** The platform, who the caller is there, and who else takes part. */
export interface IPlatform extends Platform {
  readonly identity: Live<Me>;
  readonly consortium: Organizations;
}

/** The DataExplorer panel: a place for sections. */
export interface IDataExplorer {
  /** One timer for all that counts seconds. */
  readonly clock: Clock;
  /** Whether the panel can be seen now. */
  readonly isVisible: boolean;
  /** Adds a section; a lower rank is higher up. */
  addSection(section: Widget, rank: number): void;
  /** Shows the panel. */
  reveal(): void;
  /** Loads each time the panel is shown again, and when the person asks to. */
  refreshes(live: Live<unknown>): void;
}

export const IPlatform = new Token<IPlatform>('@jupyterflow/dataexplorer:IPlatform', 'The API of the platform.');
export const IDataExplorer = new Token<IDataExplorer>(
  '@jupyterflow/dataexplorer:IDataExplorer',
  'The DataExplorer panel.'
);
export const ICatalog = new Token<CatalogModel>('@jupyterflow/dataexplorer:ICatalog', 'The catalogue of datasets.');
export const ILeases = new Token<LeasesModel>('@jupyterflow/dataexplorer:ILeases', 'The leases of the caller.');
export const IRuns = new Token<RunsModel>('@jupyterflow/dataexplorer:IRuns', 'The runs of the caller.');
export type { CatalogModel, LeasesModel, RunsModel };

/** Commands of the extension. */
export const CommandIDs = {
  open: 'dataexplorer:open',
  refresh: 'dataexplorer:refresh',
  useData: 'dataexplorer:use-data',
  publish: 'dataexplorer:publish',
  copyId: 'dataexplorer:copy-id',
  renew: 'dataexplorer:renew-lease',
  release: 'dataexplorer:release-lease',
  revoke: 'dataexplorer:revoke-lease',
  approve: 'dataexplorer:approve-lease',
  deny: 'dataexplorer:deny-lease',
  setUpFolders: 'dataexplorer:set-up-folders',
  showFolder: 'dataexplorer:show-folder',
  insertVolume: 'dataexplorer:insert-volume',
  newWorkflow: 'dataexplorer:new-workflow',
  openRun: 'dataexplorer:open-run',
  stopRun: 'dataexplorer:stop-run',
  openInArgo: 'dataexplorer:open-in-argo'
} as const;
