import type { Diagnostic } from '@jupyterflow/schema';
import { readInput } from './input.js';
import { sayDiagnostics } from './terminal.js';

/** Shows what a platform found in the file, with the lines of the file as it is here. */
export async function sayRemoteDiagnostics(diagnostics: readonly Diagnostic[]): Promise<void> {
  const file = diagnostics[0]?.file ?? '';
  const text = await readInput({ filename: file }).then(
    ({ source }) => source.text,
    () => ''
  );
  sayDiagnostics(diagnostics, { text, file });
}
