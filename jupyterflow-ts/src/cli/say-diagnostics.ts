import type { Diagnostic } from '@jupyterflow/schema';
import type { Source } from '../compile.js';
import { readInput } from './input.js';
import { sayDiagnostics } from './terminal.js';

/** Shows diagnostics with the lines that they are about; a platform knows only the name of the file, which is here. */
export async function sayDiagnosticsOf(diagnostics: readonly Diagnostic[], source?: Source): Promise<void> {
  const file = diagnostics[0]?.file ?? '';
  const shown =
    source ??
    (await readInput({ filename: file }).then(
      input => input.source,
      () => ({ text: '', file })
    ));
  sayDiagnostics(diagnostics, shown);
}
