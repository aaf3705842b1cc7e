import type { Command } from 'commander';
import type { Finding } from '../../../features/health/index.js';
import { plural } from '../../../libs/text/index.js';
import { print } from './context.js';

/** Something fails, and was named already. */
const FAILED = 1;

const SIGN: Record<Finding['state'], string> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL', skipped: '-   ' };

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at everything from the broker to the disk, and say what to do; changes nothing')
    .option('--deep', 'read every picture and all of the catalog, which may take hours')
    .option('--json', 'print one line of JSON')
    .action(doctor);
}

async function doctor({ deep, json }: { deep?: boolean; json?: boolean }): Promise<void> {
  const { runChecks } = await import('../doctor/doctor.js');
  const findings = await runChecks(process.env, Date.now(), deep === true, (finding) => {
    if (!json) process.stdout.write(lineOf(finding));
  });
  const failed = findings.filter(({ state }) => state === 'fail').length;
  const warned = findings.filter(({ state }) => state === 'warn').length;
  const text =
    failed || warned ? `\n${plural(failed, 'fails', 'fail')}, ${warned} to look at.` : '\nAll is well.';
  print(json, { ok: failed === 0, failed, warned, findings }, text);
  if (failed) process.exitCode = FAILED;
}

const lineOf = ({ check, state, message, hint }: Finding): string =>
  `${SIGN[state]}  ${check.padEnd(12)}  ${message}\n${hint ? `${' '.repeat(20)}${hint}\n` : ''}`;
