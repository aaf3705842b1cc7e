import { Command, CommanderError } from 'commander';
import { readEnvFile, VERSION } from '../../libs/config/index.js';
import { addBackupCommand } from './commands/backup.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addInfluxCommands } from './commands/influx.js';
import { addKeyCommands } from './commands/key.js';
import { addModelCommands } from './commands/model.js';
import { addMosquittoCommand } from './commands/mosquitto.js';
import { addReclassifyCommand } from './commands/reclassify.js';
import { addRestoreCommand } from './commands/restore.js';
import { addRetentionCommand } from './commands/retention.js';
import { addTrapCommands } from './commands/trap.js';
import { addUserCommands } from './commands/user.js';

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
