import type { EnvVar } from './inherited.js';

/** Variables that JupyterHub, its spawner and the notebook's server are told things by. */
const OF_HUB = /^(JUPYTERHUB_|JPY_|JUPYTER_IMAGE(_SPEC)?$|(MEM|CPU)_(LIMIT|GUARANTEE)$)/;
/** Variables that Kubernetes makes of services (Docker's links and its own). */
const OF_SERVICE = /^KUBERNETES_|_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP)(_|$)/;
const SECRET = /TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL|PRIVATE|(^|_)(KEY|PASS|PWD|AUTH)(_|$)|APIKEY/i;

/** A variable of the notebook that is not for jobs. */
export function isForeign({ name, value }: EnvVar): boolean {
  if (OF_HUB.test(name) || OF_SERVICE.test(name) || name === 'HOSTNAME') return true;
  // The link itself: `DB_PORT=tcp://10.3.1.4:5432`.
  return name.endsWith('_PORT') && /^(tcp|udp):\/\//.test(value ?? '');
}

/** By its name, is the value of this variable a secret? */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}
