import { CommanderError, Option } from 'commander';
import { EXIT, Failure } from './failure.js';
import { makeProgram } from './program.js';
import { harmless, say } from './terminal.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads the output, e.g. `head`, has seen enough.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const program = makeProgram(exit => (process.exitCode = exit));
for (const command of program.commands) {
  command.exitOverride();
  // Also after the command's name, where people write it.
  command.addOption(new Option('--debug').hideHelp());
}
program.exitOverride();

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
    const { sayRemoteDiagnostics } = await import('./remote-diagnostics.js');
    await sayRemoteDiagnostics(error.diagnostics);
  }
  if (error.message !== '') {
    say(`${error.code === undefined ? '' : `error ${error.code}: `}${harmless(error.message)}\n`);
    if (error.hint !== undefined) say(`  hint: ${error.hint}\n`);
  }
  return error.exit;
}
