import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { canonicalZone, isId } from '../../libs/domain/index.js';
import { nearest } from '../../libs/text/index.js';
import { version } from './version.js';

/** The variable of the environment that holds the password, where no file does. */
const PASSWORD = 'TRAPLINE_AGENT_PASSWORD';

const text = () => z.string({ error: 'must be text' }).min(1, 'must not be empty');
const positive = () => z.number({ error: 'must be a number' }).positive('must be greater than 0');
const degrees = (most: number) =>
  z
    .number({ error: `must be a number from -${most} to ${most}` })
    .min(-most, `must be a number from -${most} to ${most}`)
    .max(most, `must be a number from -${most} to ${most}`);
const URL_WORDS = 'must be a URL such as mqtt://192.168.1.10:1883 or mqtts://traps.example.org';

const FILE = z.strictObject(
  {
    url: z.url({ protocol: /^(mqtts?|wss?)$/, hostname: /./, error: URL_WORDS }),
    trap: text().refine(
      isId,
      'must be the id of a trap: 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit',
    ),
    password: text().optional(),
    passwordFile: text().optional(),
    ca: text().optional(),
    dataFolder: text(),
    stateFolder: text().optional(),
    timeZone: text()
      .refine((zone) => canonicalZone(zone) !== undefined, 'must be an IANA time zone such as Europe/Berlin')
      .overwrite((zone) => canonicalZone(zone) ?? zone),
    name: text().optional(),
    latitude: degrees(90).optional(),
    longitude: degrees(180).optional(),
    software: text().optional(),
    camera: text().optional(),
    detector: text().optional(),
    quietS: positive().default(120),
    lookEveryS: positive().default(30),
    cutCrops: z.boolean({ error: 'must be true or false' }).default(true),
    maxCropKb: positive().default(1024),
    inFlight: z
      .int({ error: 'must be a whole number' })
      .min(1, 'must be at least 1')
      .max(64, 'must be at most 64')
      .default(8),
    bytesPerS: positive().optional(),
    receiptWaitS: positive().default(150),
    retryFirstS: positive().default(1),
    retryLastS: positive().default(300),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

const NAMES = Object.keys(FILE.shape);

type Given = z.infer<typeof FILE>;

/** What the agent was told, with all paths whole. */
export type AgentSettings = Omit<Given, 'passwordFile' | 'stateFolder' | 'ca'> & {
  readonly stateFolder: string;
  readonly ca: Buffer | undefined;
  /** For whoever starts it: nothing is wrong, and yet. */
  readonly warnings: readonly string[];
};

/** The settings are wrong; the message names the field and what would be right. */
class SettingsError extends Error {
  readonly code = 'settings-invalid';
}

/**
 * Reads the one file of settings. Paths in it are relative to it.
 *
 * @throws SettingsError
 */
export function readSettings(path: string, env: NodeJS.ProcessEnv): AgentSettings {
  const given = check(path);
  expectKnownVariables(env);
  const folder = dirname(resolve(path));
  const warnings: string[] = [];
  const { passwordFile, ca, stateFolder, ...settings } = given;
  const dataFolder = resolve(folder, settings.dataFolder);
  if (!statSync(dataFolder, { throwIfNoEntry: false })?.isDirectory())
    throw new SettingsError(`dataFolder: there is no folder ${dataFolder}`);
  if (given.password !== undefined && passwordFile !== undefined)
    throw new SettingsError('password and passwordFile: set one of them');
  const secretFile = passwordFile === undefined ? undefined : resolve(folder, passwordFile);
  for (const file of [secretFile, given.password === undefined ? undefined : path])
    if (file !== undefined && isOpenToAll(file))
      warnings.push(
        `${file} holds the password, and everybody on this machine can read it: chmod 600 ${file}`,
      );
  return {
    ...settings,
    dataFolder,
    password:
      secretFile === undefined
        ? (settings.password ?? env[PASSWORD])
        : read('passwordFile', secretFile).toString('utf8').trim(),
    ca: ca === undefined ? undefined : read('ca', resolve(folder, ca)),
    stateFolder:
      stateFolder === undefined ? join(dataFolder, '..', 'trapline-agent') : resolve(folder, stateFolder),
    warnings,
  };
}

function check(path: string): Given {
  const content = parse(
    path,
    read('--config', path)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  );
  const parsed = FILE.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new SettingsError(parsed.error.issues.map((issue) => describe(issue, content)).join('\n'));
}

function describe(issue: z.core.$ZodIssue, content: unknown): string {
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .map((key) => `${key}: there is no such setting; the nearest is ${nearest(key, NAMES).name}`)
      .join('\n');
  const name = issue.path.join('.');
  if (name === '') return issue.message;
  const isMissing = (content as Record<string, unknown>)[name] === undefined;
  return `${name}: ${isMissing ? 'is missing: it ' : ''}${issue.message}`;
}

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? `there is no file ${path}` : `${path} must be a file that this user may read`;
    throw new SettingsError(`${name}: ${why}${code === 'ENOENT' ? '' : ` (${code})`}`);
  }
}

/** Where the mistake is, as editors count lines; the words of the parser differ from Node to Node. */
function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /position (\d+)/.exec(message) ?? [];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
    throw new SettingsError(
      `${path}: must be JSON: a comma, a quotation mark or a brace is wrong or missing${line === undefined ? '' : ` in line ${line} or just before`}`,
    );
  }
}

/** A mistyped name of the one variable would leave the agent without its password. */
function expectKnownVariables(env: NodeJS.ProcessEnv): void {
  const unknown = Object.keys(env).filter((name) => /^TRAPLINE_AGENT_/i.test(name) && name !== PASSWORD);
  if (unknown.length)
    throw new SettingsError(
      unknown.map((name) => `${name}: there is no such variable; the nearest is ${PASSWORD}`).join('\n'),
    );
}

const isOpenToAll = (path: string): boolean =>
  process.platform !== 'win32' && ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0;

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
