import { Command, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../../libs/config/index.js';
import { isId } from '../../libs/domain/index.js';

/** What the command line asks for. */
export interface SimulatorOptions {
  readonly traps: number;
  readonly days: number;
  /** Season seconds in a second; 0 = as fast as the service takes it. */
  readonly speed: number;
  readonly seed: string;
  readonly until?: number;
  readonly runs: number;
  readonly images?: string;
  readonly drawings?: number;
  readonly faults?: boolean;
  readonly spike?: boolean;
  /** Runs per minute of all traps together, once the past is played. */
  readonly live?: number;
  readonly url?: string;
  readonly api?: string;
  readonly accounts?: string;
  readonly user?: string;
  readonly password?: string;
  readonly key?: string;
  readonly dataDir?: string;
  readonly ledger?: string;
  readonly check?: boolean;
  /** Seconds. */
  readonly patience: number;
}

/** As if it stood on the command line. */
const LIVE_RUNS_PER_MINUTE = '6';

const number =
  (min: number, max: number, whole = true) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`);
  };

function seed(text: string): string {
  if (isId(text) && text.length <= 20) return text;
  throw new InvalidArgumentError(
    'It must be 1 to 20 letters and digits: it becomes part of the ids of the traps.',
  );
}

function time(text: string): number {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError('It must be a time such as 2026-06-14T18:00:00Z.');
}

/** @throws CommanderError where the command line is wrong, or asks for help */
export function readOptions(argv: readonly string[]): SimulatorOptions {
  return new Command('simulate')
    .description(
      'Simulated traps that publish a season, and a ledger that holds what was published against what is stored.\n' +
        'On the machine of the service it makes accounts of its own for as long as it runs.',
    )
    .option('--traps <n>', 'how many traps', number(1, 10_000), 3)
    .option('--days <n>', 'days of the past', number(0, 3660), 14)
    .option(
      '--speed <x>',
      'so many times faster than it was; 0 = as fast as the service takes it',
      number(0, 1e9, false),
      0,
    )
    .option('--seed <text>', 'another seed, another season', seed, '1')
    .option('--until <time>', 'end of the past (default: now)', time)
    .option('--runs <n>', 'runs of a trap in a session, on average', number(0, 1000, false), 5)
    .option('--images <folder>', 'real crops instead of drawn insects; its folders are the kinds')
    .option('--drawings <n>', 'draw only so many pictures of each kind and use them again', number(1, 1000))
    .option('--faults', 'outages, repetitions, disorder, broken pictures and messages, wrong clocks')
    .option('--spike', 'one kind breaks out at one trap, on the last afternoon')
    .addOption(
      new Option('--live [n]', 'then go on from now, so many runs a minute, until Ctrl-C')
        .argParser(number(0.1, 6000, false))
        .preset(LIVE_RUNS_PER_MINUTE),
    )
    .option('--url <url>', 'MQTT broker (default: that of the settings)')
    .option('--api <url>', 'REST of the service (default: that of the settings)')
    .option('--accounts <file>', 'accounts of traps, a line of "trap add --json" for each')
    .option('--user <id>', 'the account of a single trap')
    .option('--password <password>', 'and its password')
    .option('--key <key>', 'API key of an editor, to compare with')
    .option('--data-dir <folder>', 'data folder of the service (default: that of the settings)')
    .option('--ledger <file>', 'keep the ledger in this file')
    .option('--check', 'publish nothing: compare the ledger of an earlier simulation')
    .option(
      '--patience <s>',
      'how long to wait for what is under way; a receipt may take 60',
      number(0, 3600),
      90,
    )
    .addHelpText(
      'after',
      '\nThe last line says "published = stored", and the exit status is 0; or what differs, and it is 1.',
    )
    .version(VERSION, '--version', 'print the version')
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<SimulatorOptions>();
}
