import { Command, InvalidArgumentError } from 'commander';
import { version } from './version.js';

/** What the command line asks for. */
export interface AgentOptions {
  readonly config: string;
  readonly once?: boolean;
  readonly dryRun?: boolean;
  /** False with `--no-status`. */
  readonly status: boolean;
  /** Seconds. */
  readonly patience: number;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() && value > 0) return value;
  throw new InvalidArgumentError('It must be a number of seconds greater than 0.');
}

/** @throws CommanderError where the command line is wrong, or asks for help */
export function readOptions(argv: readonly string[]): AgentOptions {
  return new Command('agent')
    .description('Publishes what an insect-detect trap records: its data folder is read, and never changed.')
    .option('--config <file>', 'the settings', 'agent.json')
    .option(
      '--once',
      'publish what is there, and end: 0 when all of it is stored, 1 with a list of what is not, 3 with a list of what could not be read',
    )
    .option('--dry-run', 'say what would be published, and send nothing')
    .option('--no-status', 'say nothing of whether the trap is there: for a card that was copied')
    .option('--patience <s>', 'with --once: give up when nothing has got on for so long', seconds, 300)
    .version(version(), '--version', 'print the version')
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<AgentOptions>();
}
