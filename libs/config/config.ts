import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { canonicalZone, isId } from '../domain/index.js';
import { unknownVariables } from './unknown-variables.js';

/** A number as text, within limits. `what` is said where it is none, or is not within them: "must be …". */
const number = (what: string, min: number, max: number, { whole = false } = {}) =>
  z
    .string()
    .transform(Number)
    .refine((value) => value >= min && value <= max && (!whole || Number.isInteger(value)), {
      error: `must be ${what}`,
    });
const wholeFrom = (min: number, max: number) =>
  number(`a whole number from ${min} to ${max}`, min, max, { whole: true });
/** Greater than 0; no setting is meant to be more than a trillion of its unit. */
const positive = (unit: string, max = 1e12) =>
  number(
    `a number of ${unit} greater than 0${max < 1e12 ? `, and ${max} at most` : ''}`,
    Number.MIN_VALUE,
    max,
  );
const port = () => number('a port, a whole number from 0 to 65535', 0, 65_535, { whole: true });
const megabytes = (standard: number) =>
  number('a number of MB, 0 or greater', 0, 1e12)
    .transform((mb) => mb * 1_000_000)
    .default(standard * 1_000_000);
const minutes = (standard: number) =>
  positive('minutes')
    .transform((value) => value * 60_000)
    .default(standard * 60_000);
const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });
const url = (protocol: RegExp, example: string) =>
  z
    .url({ protocol, hostname: /./, error: `must be a URL such as ${example}` })
    .refine(
      hasReadableAccount,
      'must have % and other special letters of user and password as %25 and so on',
    );
const yesNoBy = (preset: 'true' | 'false') =>
  oneOf('true', 'false')
    .default(preset)
    .transform((text) => text === 'true');
const yesNo = yesNoBy('false');
/** Addresses, networks, or the names that Express knows for some of them; with commas between them. */
const proxies = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim()))
  .transform((parts) => parts.filter(Boolean))
  .refine((parts) => parts.every((part) => PROXY.safeParse(part).success), {
    error: 'must be addresses or networks such as 127.0.0.1, 10.0.0.0/8, or loopback, linklocal, uniquelocal',
  });
const PROXY = z.union([
  z.enum(['loopback', 'linklocal', 'uniquelocal']),
  z.ipv4(),
  z.ipv6(),
  z.cidrv4(),
  z.cidrv6(),
]);
/** Origins of web pages, with commas between them, as browsers write them. */
const origins = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim().replace(/\/$/, '')))
  .transform((parts) => parts.filter(Boolean))
  .refine((parts) => parts.every((part) => URL.canParse(part) && new URL(part).origin === part), {
    error: 'must be origins such as https://dashboard.example.org, with commas between them',
  });
/** An identifier of SPDX or the Open Definition, or the address of a licence's text. */
const licence = z
  .string()
  .regex(
    /^([A-Za-z0-9][-A-Za-z0-9._+]*|https?:\/\/\S+)$/,
    'must be an identifier such as CC-BY-4.0, or a URL',
  )
  .optional();
const timeZone = z
  .string()
  .default('UTC')
  .refine((zone) => canonicalZone(zone) !== undefined, 'must be an IANA time zone such as Europe/Berlin')
  .overwrite((zone) => canonicalZone(zone) ?? zone);

function hasReadableAccount(text: string): boolean {
  if (!URL.canParse(text)) return true; // said already
  const { username, password } = new URL(text);
  try {
    return [username, password].map(decodeURIComponent).length === 2;
  } catch {
    return false;
  }
}

/** How improbable a count must be to be unusual. */
const ALPHA = { sensitive: 0.005, standard: 0.001, strict: 0.0001 };

/** Every variable of the environment that Trapline reads; units and defaults stand in `.env.example` too. */
const ENVIRONMENT = z.object({
  TRAPLINE_DATA_DIR: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  TRAPLINE_HOST: z.string().default('127.0.0.1'),
  TRAPLINE_HTTP_PORT: port().default(3000),
  TRAPLINE_MQTT_PORT: port().default(1883),
  TRAPLINE_PUBLIC_URL: url(/^https?$/, 'https://traps.example.org').optional(),
  TRAPLINE_GRAFANA_URL: url(/^https?$/, 'https://traps.example.org/grafana').optional(),
  TRAPLINE_PUBLIC_THUMBNAILS: yesNo,
  TRAPLINE_ORIGINALS_FOR_VIEWERS: yesNo,
  TRAPLINE_REQUESTS_PER_MIN: wholeFrom(0, 10_000_000).default(60_000),
  TRAPLINE_TRUSTED_PROXIES: proxies,
  TRAPLINE_LEGACY_TRAP: z
    .string()
    .refine(isId, 'must be the id of a trap: 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit')
    .optional(),
  TRAPLINE_MODEL: z.string().optional(),
  TRAPLINE_DATASET_TITLE: z.string().max(200, 'must have 200 characters at most').optional(),
  TRAPLINE_DATASET_CONTRIBUTOR: z.string().max(200, 'must have 200 characters at most').optional(),
  TRAPLINE_DATASET_LICENCE: licence,
  TRAPLINE_MEDIA_LICENCE: licence,
  TRAPLINE_ANONYMOUS: yesNo,
  TRAPLINE_TIME_ZONE: timeZone,
  TRAPLINE_LANGUAGE: oneOf('en', 'de').default('en'),
  TRAPLINE_LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  TRAPLINE_CLASSIFIERS: wholeFrom(0, 64).optional(),
  TRAPLINE_OPTIMISE_MODELS: yesNoBy('true'),
  TRAPLINE_MAX_CROP_KB: positive('KiB', 65_536)
    .transform((kb) => Math.round(kb * 1024))
    .default(1024 * 1024),
  TRAPLINE_MAX_MEGAPIXELS: positive('megapixels', 1000)
    .transform((mp) => mp * 1_000_000)
    .default(40_000_000),
  TRAPLINE_MAX_SIDE_PX: wholeFrom(64, 1_000_000).default(16_384),
  TRAPLINE_MAX_IN_FLIGHT: wholeFrom(1, 10_000).default(256),
  TRAPLINE_CONNECTIONS_PER_ACCOUNT: wholeFrom(1, 10_000).default(32),
  TRAPLINE_ALLOWED_ORIGINS: origins,
  TRAPLINE_DISK_RESERVE_MB: megabytes(500),
  TRAPLINE_THUMBNAILS_MB: megabytes(500),
  TRAPLINE_SILENCE_AFTER_END_MIN: minutes(15),
  TRAPLINE_SILENCE_MIN: minutes(60),
  TRAPLINE_RECEIPT_WAIT_S: positive('seconds')
    .transform((seconds) => seconds * 1000)
    .default(60_000),
  TRAPLINE_CHECK_DAYS: number('a number of days, 0 or greater (0 = never)', 0, 1e6)
    .transform((days) => (days === 0 ? undefined : Math.round(days * 86_400_000)))
    .default(30 * 86_400_000),
  TRAPLINE_RETENTION_DAYS: positive('days')
    .transform((days) => Math.round(days * 86_400_000))
    .optional(),
  TRAPLINE_RETENTION_FREE_MB: positive('MB')
    .transform((mb) => Math.round(mb * 1_000_000))
    .optional(),
  TRAPLINE_RETENTION_KEEP_BEST: wholeFrom(0, 1000).default(20),
  TRAPLINE_SIGHTING_CROPS: wholeFrom(1, 1000).default(3),
  TRAPLINE_HOME_ASSISTANT: yesNo,
  TRAPLINE_HOME_ASSISTANT_PREFIX: z
    .string()
    .regex(
      /^(?!(traps|alerts)(\/|$))[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/,
      'must be a topic such as homeassistant, and not below traps or alerts',
    )
    .default('homeassistant'),
  TRAPLINE_TLS_CERT: z.string().optional(),
  TRAPLINE_TLS_KEY: z.string().optional(),
  TRAPLINE_MQTTS_PORT: port().default(8883),
  TRAPLINE_MQTT_WS_PORT: port().optional(),
  MQTT_URL: url(/^(mqtts?|wss?)$/, 'mqtt://user:password@host:1883').optional(),
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@host/database').optional(),
  TRAPLINE_ACTIVITY: oneOf('standard', 'sensitive', 'strict')
    .default('standard')
    .transform((word) => ALPHA[word]),
  INFLUX_URL: url(/^https?$/, 'http://127.0.0.1:8086').optional(),
  INFLUX_ORG: z.string().default('trapline'),
  INFLUX_BUCKET: z.string().default('trapline'),
  INFLUX_TOKEN: z.string().optional(),
});

/**
 * For programs that read a few of the variables only: the others may be mistyped all the same.
 *
 * @throws ConfigError
 */
export function expectKnownVariables(env: Readonly<Record<string, string | undefined>>): void {
  const unknown = unknownVariables(valuesIn(env), variableNames());
  if (unknown.length) throw new ConfigError(unknown.join('\n'));
}

/** The names of all variables that are read. */
export const variableNames = (): string[] => Object.keys(ENVIRONMENT.shape);

/** What the service was told to be, read once from the environment. */
export type Config = ReturnType<typeof readConfig>;

/** The environment is wrong; the message names each variable and what would be right. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
}

/**
 * @param env variables; an empty or blank one counts as not set
 * @throws ConfigError
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const set = valuesIn(env);
  const unknown = unknownVariables(set, variableNames());
  const parsed = ENVIRONMENT.safeParse(set);
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => describe(issue, set));
  if (!parsed.success || unknown.length) throw new ConfigError([...unknown, ...wrong].join('\n'));
  const e = parsed.data;
  if (Boolean(e.TRAPLINE_TLS_CERT) !== Boolean(e.TRAPLINE_TLS_KEY)) {
    throw new ConfigError('TRAPLINE_TLS_CERT and TRAPLINE_TLS_KEY: set both (paths of PEM files) or neither');
  }
  return {
    dataDir: e.TRAPLINE_DATA_DIR,
    host: e.TRAPLINE_HOST,
    httpPort: e.TRAPLINE_HTTP_PORT,
    publicUrl: e.TRAPLINE_PUBLIC_URL?.replace(/\/+$/, ''),
    grafanaUrl: e.TRAPLINE_GRAFANA_URL?.replace(/\/+$/, ''),
    access: {
      publicThumbnails: e.TRAPLINE_PUBLIC_THUMBNAILS,
      originalsForViewers: e.TRAPLINE_ORIGINALS_FOR_VIEWERS,
      requestsPerMin: e.TRAPLINE_REQUESTS_PER_MIN,
      trustedProxies: e.TRAPLINE_TRUSTED_PROXIES,
    },
    legacyTrap: e.TRAPLINE_LEGACY_TRAP,
    model: e.TRAPLINE_MODEL,
    dataset: {
      title: e.TRAPLINE_DATASET_TITLE,
      contributor: e.TRAPLINE_DATASET_CONTRIBUTOR,
      licence: e.TRAPLINE_DATASET_LICENCE,
      mediaLicence: e.TRAPLINE_MEDIA_LICENCE,
    },
    classifiers: e.TRAPLINE_CLASSIFIERS,
    optimiseModels: e.TRAPLINE_OPTIMISE_MODELS,
    timeZone: e.TRAPLINE_TIME_ZONE,
    language: e.TRAPLINE_LANGUAGE,
    logLevel: e.TRAPLINE_LOG_LEVEL,
    databaseUrl: e.DATABASE_URL,
    mqtt: {
      url: e.MQTT_URL,
      port: e.TRAPLINE_MQTT_PORT,
      anonymous: e.TRAPLINE_ANONYMOUS,
      maxInFlight: e.TRAPLINE_MAX_IN_FLIGHT,
      connectionsPerAccount: e.TRAPLINE_CONNECTIONS_PER_ACCOUNT,
      allowedOrigins: e.TRAPLINE_ALLOWED_ORIGINS,
      webSocketPort: e.TRAPLINE_MQTT_WS_PORT,
      tls:
        e.TRAPLINE_TLS_CERT && e.TRAPLINE_TLS_KEY
          ? { port: e.TRAPLINE_MQTTS_PORT, certFile: e.TRAPLINE_TLS_CERT, keyFile: e.TRAPLINE_TLS_KEY }
          : undefined,
    },
    limits: {
      cropBytes: e.TRAPLINE_MAX_CROP_KB,
      cropPixels: e.TRAPLINE_MAX_MEGAPIXELS,
      cropSide: e.TRAPLINE_MAX_SIDE_PX,
      diskReserveBytes: e.TRAPLINE_DISK_RESERVE_MB,
      thumbnailBytes: e.TRAPLINE_THUMBNAILS_MB,
    },
    completion: { silenceAfterEndMs: e.TRAPLINE_SILENCE_AFTER_END_MIN, silenceMs: e.TRAPLINE_SILENCE_MIN },
    receiptWaitMs: e.TRAPLINE_RECEIPT_WAIT_S,
    checkPicturesEveryMs: e.TRAPLINE_CHECK_DAYS,
    activityAlpha: e.TRAPLINE_ACTIVITY,
    sightingCrops: e.TRAPLINE_SIGHTING_CROPS,
    retention: {
      olderThanMs: e.TRAPLINE_RETENTION_DAYS,
      freeBytes: e.TRAPLINE_RETENTION_FREE_MB,
      keepBest: e.TRAPLINE_RETENTION_KEEP_BEST,
    },
    homeAssistant: { enabled: e.TRAPLINE_HOME_ASSISTANT, prefix: e.TRAPLINE_HOME_ASSISTANT_PREFIX },
    influx: e.INFLUX_URL
      ? { url: e.INFLUX_URL, org: e.INFLUX_ORG, bucket: e.INFLUX_BUCKET, token: e.INFLUX_TOKEN }
      : undefined,
  } as const;
}

function valuesIn(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim()]);
  return Object.fromEntries(trimmed.filter(([, value]) => value));
}

function describe(issue: z.core.$ZodIssue, env: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  // A URL may hold a password: say what is wrong with it, never what it is.
  const shown = name.endsWith('_URL') ? '' : ` (is ${JSON.stringify(env[name])})`;
  return `${name}: ${issue.message}${shown}`;
}

const FILE = '.env';

/**
 * Settings from `.env` in the working folder, where there is one; a variable that is set already stays.
 *
 * @throws ConfigError where it cannot be read
 */
export function readEnvFile(): void {
  if (!existsSync(FILE)) return;
  try {
    process.loadEnvFile(FILE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`${FILE} in this folder must be a file that this user may read (${code})`);
  }
}
