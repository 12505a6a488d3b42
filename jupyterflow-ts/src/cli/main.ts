import { CommanderError } from 'commander';
import { EXIT, Failure } from './failure.js';
import { makeProgram } from './program.js';
import { sayFailure } from './say-failure.js';
import { harmless, say } from './terminal.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads the output, e.g. `head`, has seen enough.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const program = makeProgram(exit => (process.exitCode = exit));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await tell(error, process.argv.includes('--debug'));
}

async function tell(error: unknown, debug: boolean): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (debug) console.error(error);
  if (!(error instanceof Failure)) {
    const message = error instanceof Error ? error.message : String(error);
    say(`error INTERNAL: ${harmless(message)}\n${debug ? '' : '  hint: --debug shows where it comes from\n'}`);
    return EXIT.failed;
  }
  if (error.diagnostics !== undefined) {
    const { sayDiagnosticsOf } = await import('./say-diagnostics.js');
    await sayDiagnosticsOf(error.diagnostics, error.source);
  }
  sayFailure(error);
  return error.exit;
}
