import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Live } from '../model/live';
import { Organizations } from '../model/organizations';
import { PlatformClient } from '../platform';
import { Http } from '../request';
import { IPlatform } from '../tokens';
import { platformUrl } from '../url';

const ID = '@jupyterflow/dataexplorer:platform';
const IDENTITY_INTERVAL = 300_000;

class ConnectedPlatform extends PlatformClient implements IPlatform {
  readonly identity = new Live({ name: 'identity', load: () => this.me(), interval: () => IDENTITY_INTERVAL });
  readonly consortium = new Organizations(this);

  /** Begins to load, or loads again, from the address that holds now. */
  connect(): void {
    void this.identity.refresh();
    void this.consortium.live.refresh();
  }
}

/** The connection to the platform. */
export const platformPlugin: JupyterFrontEndPlugin<IPlatform> = {
  id: ID,
  description: 'Connects to the platform that lends data and runs workflows.',
  autoStart: true,
  provides: IPlatform,
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, registry: ISettingRegistry | null): IPlatform => {
    const server = app.serviceManager.serverSettings;
    let setting = '';
    const http = new Http(
      () =>
        platformUrl({
          setting,
          hubPrefix: PageConfig.getOption('hubPrefix'),
          hubHost: PageConfig.getOption('hubHost'),
          serverUrl: server.baseUrl
        }),
      server
    );
    const platform = new ConnectedPlatform(http);
    const read = (settings: ISettingRegistry.ISettings): void => {
      const value = settings.composite['platformUrl'];
      setting = typeof value === 'string' ? value.trim() : '';
      platform.connect();
    };
    if (registry) {
      registry
        .load(ID)
        .then(settings => {
          settings.changed.connect(read, platform);
          read(settings);
        })
        .catch((error: unknown) => {
          console.error(error);
          platform.connect();
        });
    } else {
      platform.connect();
    }
    return platform;
  }
};
