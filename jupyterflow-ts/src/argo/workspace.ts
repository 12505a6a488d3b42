import type { EnvVar, VolumeMount, Volume } from '../inherit/inherited.js';
import { optional, type Json } from './manifest.js';
import { DEFAULT_HOME, type ArgoOptions } from './options.js';

/** Folder that the jobs of a run share, as they see it. */
const TEMPORARY_FOLDER = '/tmp/jupyterflow';
/** Folder of a job in there, which the others see as `outputs/NAME`. It has a mount of its own, which makes it. */
const OUTPUT_DIR = '/tmp/jupyterflow-outputs';
const VOLUME = 'jupyterflow-temporary';
const RUN_VARIABLE = '$(JUPYTERFLOW_RUN)';
const JOB_VARIABLE = '$(JUPYTERFLOW_JOB)';

/** The folders of a run: where they are kept, and where its jobs see them. */
export interface RunFolders {
  readonly env: readonly EnvVar[];
  readonly mounts: readonly VolumeMount[];
  readonly volumes: readonly Volume[];
  /** Fields of the spec that make a volume for each run. */
  readonly spec: Json;
  /** What one job leaves there another one finds. */
  readonly isShared: boolean;
}

/**
 * On a volume made for the run when the options ask for one; else in the home when that is an inherited volume, where it
 * stays after the run; else each job has a folder of its own and nothing is shared.
 */
export function runFoldersOf(options: ArgoOptions): RunFolders {
  const env = [
    { name: 'TEMPORARY_FOLDER', value: TEMPORARY_FOLDER },
    { name: 'OUTPUT_DIR', value: OUTPUT_DIR }
  ];
  const { temporaryStorage: storage } = options;
  if (storage !== undefined) {
    const claim = {
      metadata: { name: VOLUME },
      spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage } } }
    };
    const spec = { volumeClaimTemplates: [claim], volumeClaimGC: { strategy: 'OnWorkflowCompletion' } };
    return { env, mounts: mountsOf(VOLUME, undefined), volumes: [], spec, isShared: true };
  }
  const home = homeMount(options);
  if (home === undefined) {
    const volumes = [{ name: VOLUME, emptyDir: {} }];
    return { env, mounts: mountsOf(VOLUME, undefined), volumes, spec: {}, isShared: false };
  }
  const folder = [home.subPath, '.jupyterflow/runs', RUN_VARIABLE].filter(part => part !== undefined).join('/');
  return { env, mounts: mountsOf(home.name, folder), volumes: [], spec: {}, isShared: true };
}

function mountsOf(name: string, folder: string | undefined): readonly VolumeMount[] {
  const outputs = [...(folder === undefined ? [] : [folder]), 'outputs', JOB_VARIABLE].join('/');
  return [
    { name, mountPath: TEMPORARY_FOLDER, ...optional('subPathExpr', folder) },
    { name, mountPath: OUTPUT_DIR, subPathExpr: outputs }
  ];
}

/** The mount that the home is, when it is one that can be written. */
function homeMount({ inherited, home = DEFAULT_HOME }: ArgoOptions): VolumeMount | undefined {
  return inherited?.volumeMounts?.find(
    mount => mount.mountPath === home && mount.readOnly !== true && mount.subPathExpr === undefined
  );
}
