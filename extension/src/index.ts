import { catalogPlugin } from './plugins/catalog';
import { leasesPlugin } from './plugins/leases';
import { lendingPlugin } from './plugins/lending';
import { panelPlugin } from './plugins/panel';
import { platformPlugin } from './plugins/platform';
import { runningPlugin } from './plugins/running';
import { runsPlugin } from './plugins/runs';
import { statusPlugin } from './plugins/status';
import { workflowPlugin } from './plugins/workflow';

export * from './tokens';

/** Each can be disabled on its own. */
export default [
  platformPlugin,
  panelPlugin,
  catalogPlugin,
  leasesPlugin,
  lendingPlugin,
  workflowPlugin,
  runsPlugin,
  runningPlugin,
  statusPlugin
];
