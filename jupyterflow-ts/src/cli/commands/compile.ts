import { createHash } from 'node:crypto';
import { toArgo } from '../../argo/argo.js';
import { diagnose } from '../../argo/diagnose.js';
import { argoVersionOf, type Manifest } from '../../argo/manifest.js';
import { EXIT, Failure } from '../failure.js';
import { compileInput, readInput, type InputFlags } from '../input.js';
import { printValue } from '../output.js';
import { readParams, type ParamFlags } from '../params.js';
import { selectionOf, selectPlan, type SelectFlags } from '../selection.js';
import { readSettings } from '../settings.js';
import { print, sayDiagnostics } from '../terminal.js';

export interface CompileFlags extends InputFlags, ParamFlags, SelectFlags {
  readonly output: string;
  readonly name?: string;
  readonly image?: string;
  readonly namespace?: string;
  /** As `argoVersionOf` reads it. */
  readonly argoVersion?: string;
  /** In KiB. */
  readonly maxSize?: number;
}

/** Prints what Argo runs for a file, with what the configuration gives all jobs; of a notebook's pod nothing is known here. */
export async function compileCommand(flags: CompileFlags): Promise<number> {
  const input = await readInput(flags);
  const { name, image, maxSize } = flags;
  const { file, namespace } = await readSettings(flags.namespace === undefined ? {} : { namespace: flags.namespace });
  const { sites, gpuTypes, temporaryStorage, spec, ...config } = file.config;
  const argoVersion = flags.argoVersion === undefined ? config.argoVersion : argoVersionOf(flags.argoVersion);
  const compilation = compileInput(input, {
    params: await readParams(flags),
    keepParams: true,
    ...(name === undefined ? {} : { name })
  });
  const { plan } = selectPlan(compilation, selectionOf(flags));
  const { objects, problems } = toArgo(plan, {
    workspace: input.workspace,
    sourceDigest: `sha256:${sha256(input.source.text)}`,
    cache: { digest: sha256 },
    inherited: spec,
    ...(sites === undefined ? {} : { sites }),
    ...(gpuTypes === undefined ? {} : { gpuTypes }),
    ...(temporaryStorage === undefined ? {} : { temporaryStorage }),
    ...(image === undefined ? {} : { image }),
    ...(namespace === undefined ? {} : { namespace: namespace.value }),
    ...(argoVersion === undefined ? {} : { argoVersion }),
    ...(maxSize === undefined ? {} : { budget: maxSize * 1024 })
  });
  sayDiagnostics(diagnose(problems, compilation, input.source.file), input.source);
  if (problems.some(({ severity }) => severity === 'error'))
    throw new Failure(EXIT.invalidFile, '', { code: 'INVALID_WORKFLOW' });
  await printManifests(objects, flags.output);
  return EXIT.ok;
}

/** One object as it is; several as the documents of a YAML stream, else as a `v1` `List`. */
async function printManifests(objects: readonly [Manifest, ...Manifest[]], format: string): Promise<void> {
  const [first, ...others] = objects;
  if (others.length === 0) return printValue(first, format);
  if (format !== 'yaml') return printValue({ apiVersion: 'v1', kind: 'List', items: objects }, format);
  const { toYaml } = await import('../yaml-output.js');
  print(objects.map(toYaml).join('---\n'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
