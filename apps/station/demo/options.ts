import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { VERSION } from '../../../libs/config/index.js';

export interface DemoOptions {
  readonly dataDir: string;
  readonly traps: number;
  readonly days: number;
}

const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** @throws CommanderError where the command line is wrong, or asks for help */
export function readOptions(argv: readonly string[]): DemoOptions {
  return new Command('demo')
    .description('A service of its own and simulated traps: two weeks of drawn insects, then live')
    .option('--data-dir <folder>', 'where it keeps everything', (path) => resolve(path), resolve('data-demo'))
    .option('--traps <n>', 'how many traps', whole(1, 100), 3)
    .option('--days <n>', 'days of the past', whole(1, 365), 14)
    .version(VERSION, '--version', 'print the version')
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<DemoOptions>();
}
