import { Command, CommanderError } from 'commander';
import { readEnvFile, VERSION } from '../../../libs/config/index.js';
import { addBackupCommand } from './backup.js';
import { addDoctorCommand } from './doctor.js';
import { addInfluxCommands } from './influx.js';
import { addKeyCommands } from './key.js';
import { addModelCommands } from './model.js';
import { addMosquittoCommand } from './mosquitto.js';
import { addReclassifyCommand } from './reclassify.js';
import { addRestoreCommand } from './restore.js';
import { addRetentionCommand } from './retention.js';
import { addTrapCommands } from './trap.js';
import { addUserCommands } from './user.js';

const FAILED = 1;
const MISUSED = 2;

const program = new Command('trapline')
  .description('Accounts, models and the past of a Trapline, also while its service runs')
  .version(VERSION, '--version', 'print the version')
  .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
  .exitOverride();
for (const add of [
  addTrapCommands,
  addKeyCommands,
  addUserCommands,
  addModelCommands,
  addReclassifyCommand,
  addRetentionCommand,
  addBackupCommand,
  addRestoreCommand,
  addDoctorCommand,
  addMosquittoCommand,
  addInfluxCommands,
])
  add(program);

try {
  readEnvFile();
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = isHelp(error) ? 0 : MISUSED;
  else {
    process.stderr.write(`error: ${lineOf(error)}\n`);
    process.exitCode = FAILED;
  }
}

/** Help or the version, where asked for; help that is shown because the command is missing is an error. */
function isHelp({ code, exitCode }: CommanderError): boolean {
  return (
    code === 'commander.helpDisplayed' ||
    code === 'commander.version' ||
    (code === 'commander.help' && exitCode === 0)
  );
}

/** What went wrong, in one line; a refused connection has a code and no words. */
function lineOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).split('\n').join('; ');
}
