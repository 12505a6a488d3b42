import type { Check } from '../doctor/check.js';
import { checkConfiguration } from '../doctor/configuration.js';
import { checkFolder, checkNode, checkSandbox } from '../doctor/machine.js';
import { checkPlatform } from '../doctor/platform.js';
import { EXIT } from '../failure.js';
import { runsFolder } from '../local/store.js';
import { printValue } from '../output.js';
import type { BackendFlags, Settings } from '../settings.js';
import { pad } from '../table.js';
import { harmless, print, useColor } from '../terminal.js';

export interface DoctorFlags extends BackendFlags {
  readonly output: string;
}

/** Looks at everything that runs need, and says how to mend what is missing. */
export async function doctor(flags: DoctorFlags): Promise<number> {
  const { check: configuration, settings } = await checkConfiguration(flags);
  const checks = [
    checkNode(process.version),
    configuration,
    ...(await Promise.all([
      checkSandbox(settings?.backend.value === 'local'),
      checkFolder(runsFolder()),
      ...(settings === undefined ? [] : [checkPlatform(settings)])
    ])),
    ...(settings?.backend.value === 'kube' ? await clusterChecks(settings) : [])
  ];
  if (flags.output === 'text') print(report(checks));
  else await printValue({ healthy: isHealthy(checks), checks }, flags.output);
  return isHealthy(checks) ? EXIT.ok : EXIT.failed;
}

/** Only where runs go to a cluster: the client of one is slow to load. */
async function clusterChecks(settings: Settings): Promise<readonly Check[]> {
  const [{ checkCluster }, { connectTo }] = await Promise.all([
    import('../doctor/cluster.js'),
    import('../kube/connect.js')
  ]);
  return checkCluster(() => connectTo(settings), settings.file.config.spec.serviceAccountName);
}

function isHealthy(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== 'fail');
}

const COLORS: Readonly<Record<Check['status'], number>> = { ok: 32, warn: 33, fail: 31 };

function report(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const color = useColor(process.stdout);
  const lines = checks.map(({ name, status, detail, mend }) => {
    const word = color ? `\u001b[${COLORS[status]}m${pad(status, 4)}\u001b[0m` : pad(status, 4);
    const indent = ' '.repeat(width + 8);
    const text = harmless(detail).replaceAll('\n', `\n${indent}`);
    const how = mend === undefined ? '' : `${indent}mend: ${harmless(mend).replaceAll('\n', `\n${indent}      `)}\n`;
    return `${word}  ${pad(name, width)}  ${text}\n${how}`;
  });
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const verdict =
    failed === 0 ? 'Everything that is needed is there.' : `${failed} thing${failed === 1 ? ' is' : 's are'} missing.`;
  return `${lines.join('')}\n${verdict}\n`;
}
