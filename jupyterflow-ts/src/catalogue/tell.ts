import type { Diagnostic } from '@jupyterflow/schema';
import { toArgo } from '../argo/argo.js';
import { diagnose, diagnoseFields } from '../argo/diagnose.js';
import { compile, type Source } from '../compile.js';
import { readConfig } from '../config/read.js';
import type { CatalogueEntry } from './entry.js';

/** An example as a file, and what is told of it. */
export interface Told {
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is told of an example: all that the compiler says, and who tells the entry's diagnostic. */
export function tell(text: string, { bad, by = 'compile', params = {}, argoVersion, answer }: CatalogueEntry): Told {
  if (by === 'config') {
    const source = { text, file: '~/.jupyterflow.yaml' };
    return { source, diagnostics: readConfig(text, source.file).diagnostics };
  }
  const source = { text, file: 'workflow.yaml' };
  const compilation = compile(source, { params });
  const { plan, diagnostics } = compilation;
  if (by === 'compile' || plan === undefined) return { source, diagnostics };
  const { problems, sourcePathOf } = toArgo(plan, {
    cache: { digest: () => '' },
    ...(argoVersion && { argoVersion })
  });
  const fields = answer === undefined || text !== bad ? [] : [{ path: answer.field, message: answer.message }];
  return {
    source,
    diagnostics: [
      ...diagnostics,
      ...diagnose(problems, compilation, source.file),
      ...diagnoseFields(fields, sourcePathOf, compilation, source.file)
    ]
  };
}
