import { hubIdentity } from './auth/hub.js';
import { ConfigurationError, readConfiguration, readEnvironment } from './config.js';
import { listen, type Door } from './http/door.js';
import { createLogger } from './log.js';
import { createPlatform, type Platform } from './platform.js';
import { version } from './version.js';

const USAGE = `jupyterflow-platform serve: the REST API, as a service of JupyterHub
jupyterflow-platform --version

Environment: JUPYTERHUB_API_URL, JUPYTERHUB_SERVICE_URL, JUPYTERHUB_SERVICE_PREFIX (set by JupyterHub),
JUPYTERFLOW_STATE (folder to keep everything in), JUPYTERFLOW_CONFIG (JSON file), DATABASE_URL (optional, PostgreSQL),
JUPYTERFLOW_FINALITY (committed or final: when a lease counts; default committed).
`;

async function serve(): Promise<void> {
  const logger = createLogger();
  const environment = readEnvironment(process.env);
  // Nothing below needs them, and no child process should have them.
  for (const name of ['JUPYTERHUB_API_TOKEN', 'DATABASE_URL']) Reflect.deleteProperty(process.env, name);
  const configuration = await readConfiguration(environment.config);
  const { prefix, service, state, databaseUrl, finality } = environment;
  const door = await listen(environment.listen);
  const identify = hubIdentity(environment.hubApi);
  const platform = await createPlatform({
    ...configuration,
    ...{ prefix, service, state, databaseUrl, finality, identify, logger }
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(door, platform));
  await door.open(platform.app);
  logger.info(environment.listen, 'ready');
}

async function stop(door: Door, platform: Platform): Promise<void> {
  try {
    await Promise.all([door.close(), platform.close()]);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'unknown error'}\n`);
    process.exit(1);
  }
}

const [command = 'serve', ...more] = process.argv.slice(2);
if (command === '--version') process.stdout.write(`${version}\n`);
else if (command !== 'serve' || more.length > 0) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  serve().catch((error: unknown) => {
    const words = error instanceof Error ? error.message : 'unknown error';
    process.stderr.write(`jupyterflow-platform: ${words}\n`);
    process.exit(error instanceof ConfigurationError ? 2 : 1);
  });
}
