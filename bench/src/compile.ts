import { compile as compileFile, toArgo } from 'jupyterflow-ts/core';
import { parse, stringify } from 'yaml';
import { compare } from './measure.js';

const JOBS = 5000;
const WIDTH = 5;

/** 5,000 jobs in layers of five, each layer after the one before: to an Argo manifest, beside a bare parse and stringify. */
export function compile(): Promise<string> {
  const layers = Array.from({ length: JOBS / WIDTH }, (_, layer) =>
    Array.from({ length: WIDTH }, (_, i) => layer * WIDTH + i + 1)
  );
  const edges = layers.slice(1).map((layer, i) => `- '[${(layers[i] ?? []).join(', ')}] >> [${layer.join(', ')}]'`);
  const jobs = Array.from({ length: JOBS }, (_, i) => `- echo job ${i + 1}`);
  const text = ['name: layers', 'jobs:', ...jobs, 'dags:', ...edges, ''].join('\n');
  const manifest = (): object => {
    const { plan, diagnostics } = compileFile({ text, file: 'workflow.yaml' });
    if (!plan) throw new Error(diagnostics[0]?.message);
    return toArgo(plan);
  };
  const target = manifest();
  const output = stringify(target, { aliasDuplicateObjects: false });
  return compare(
    [
      {
        name: 'parse + stringify of the same bytes',
        work: () => void (parse(text), stringify(target, { aliasDuplicateObjects: false }))
      },
      { name: `compile ${JOBS} jobs, to an object`, work: () => void manifest() },
      {
        name: `compile ${JOBS} jobs, to YAML (${Math.round(output.length / 1024)} KiB)`,
        work: () => void stringify(manifest(), { aliasDuplicateObjects: false })
      }
    ],
    5
  );
}
