import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plural } from '../../libs/text/index.js';
import { type Access, accessByCatalog, accessByFile } from './access.js';
import { type Comparison, compare } from './ledger/compare.js';
import { Ledger } from './ledger/ledger.js';
import { Service } from './ledger/service.js';
import type { SimulatorOptions } from './options.js';
import { DrawnPictures } from './pictures/drawn-pictures.js';
import { FolderPictures } from './pictures/folder-pictures.js';
import type { Season } from './season/season.js';
import { seasonOf } from './season/sessions.js';
import { SeasonPlayer } from './sending/play-season.js';
import type { Target } from './target.js';

const TIME_ZONE = 'Europe/Berlin';

/**
 * Plays a season to a service and compares what it has in the end.
 *
 * @param stop ends the playing; what was published until then is compared all the same
 * @returns whether everything that was published is stored, and nothing else
 */
export async function simulate(
  options: SimulatorOptions,
  target: Target,
  stop: AbortSignal,
): Promise<boolean> {
  // Before anything is made: without a service there is nothing to do.
  const beganMs = await Service.now(target.api);
  const access = await accessOf(options, target);
  const folder = await mkdtemp(join(tmpdir(), 'trapline-simulation-'));
  const path = options.ledger ?? join(folder, 'ledger.jsonl');
  try {
    if (options.check) return await verdict(path, options, target, access);
    return await play({ path, options, target, access, beganMs }, stop);
  } finally {
    await access.release();
    await rm(folder, { recursive: true });
  }
}

function accessOf(options: SimulatorOptions, { config }: Target): Promise<Access> {
  const { traps, seed, accounts, user, password, key, check = false } = options;
  const count = check ? 0 : traps;
  if (user !== undefined) return given([{ trapId: user, password }], key);
  if (accounts !== undefined) return accessByFile(accounts, count, key);
  if (!config && check) return given([], key);
  if (!config)
    throw new Error('--key is for a service elsewhere: name accounts of its traps, too, with --accounts');
  const trapIds = Array.from({ length: count }, (_, i) => `sim-${seed}-${String(i + 1).padStart(3, '0')}`);
  return accessByCatalog(config, trapIds);
}

const given = async (traps: Access['traps'], key: string | undefined): Promise<Access> => ({
  traps,
  key,
  release: async () => {},
});

interface Play {
  /** Of the ledger. */
  readonly path: string;
  readonly options: SimulatorOptions;
  readonly target: Target;
  readonly access: Access;
  readonly beganMs: number;
}

async function play({ path, options, target, access, beganMs }: Play, stop: AbortSignal): Promise<boolean> {
  const season = await seasonFor(options, access);
  const { pictures } = season;
  const ledger = new Ledger(path, { trapIds: season.trapIds, beganMs });
  const player = new SeasonPlayer(
    { season, accounts: access.traps, pictures, ledger, url: target.url },
    stop,
  );
  const line = () => playLine(player, ledger, season.trapIds.length);
  process.stdout.write(`${whatIsPlayed(season, target)}\n`);
  try {
    await whileShowing(line, () => player.playPast(options.speed));
    await ledger.flush();
    const isSame = await verdict(path, options, target, access);
    if (options.live === undefined || stop.aborted) return isSame;
    const pastRuns = ledger.runs;
    await whileShowing(line, () => player.playLive(options.live as number));
    await ledger.flush();
    return await verdict(path, options, target, access, isSame ? pastRuns : 0);
  } finally {
    await player.close();
    await ledger.close();
  }
}

async function seasonFor(options: SimulatorOptions, access: Access) {
  const { images, drawings, faults = false, spike = false } = options;
  const pictures = images === undefined ? new DrawnPictures(drawings) : await FolderPictures.open(images);
  const season = seasonOf({
    seed: options.seed,
    trapIds: access.traps.map(({ trapId }) => trapId),
    kinds: pictures.kinds,
    days: options.days,
    untilMs: options.until ?? Date.now(),
    runsPerSession: options.runs,
    timeZone: TIME_ZONE,
    faults,
    spike,
  });
  return { ...season, pictures };
}

/** @param skipRuns so many were compared before */
async function verdict(
  path: string,
  { patience }: SimulatorOptions,
  { api, imagesRoot }: Target,
  { key }: Access,
  skipRuns = 0,
): Promise<boolean> {
  if (key === undefined) {
    process.stdout.write('not compared: that takes --key with the key of an editor\n');
    return true;
  }
  const places = { service: new Service(api, key), imagesRoot };
  let line = '';
  const onLook = (runs: number, different: number) => {
    line = `compared: ${plural(runs, 'run')}${different > 0 ? `, ${different} not there yet, or different` : ''}`;
  };
  const found = await whileShowing(
    () => line,
    () => compare(path, places, { patienceMs: patience * 1000, skipRuns, onLook }),
  );
  return report(found, process.stdout);
}
const EVERY_MS = { terminal: 500, file: 10_000 };

/**
 * Shows how far some work is: one line that changes on a terminal, elsewhere a line now and then. The last one stays.
 *
 * @param line empty = nothing to say yet
 */
async function whileShowing<T>(line: () => string, work: () => Promise<T>): Promise<T> {
  const { stdout } = process;
  let shown = '';
  const show = () => {
    const text = line();
    if (text === shown) return;
    shown = text;
    stdout.write(stdout.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
  const timer = setInterval(show, stdout.isTTY ? EVERY_MS.terminal : EVERY_MS.file).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    show();
    if (stdout.isTTY && shown) stdout.write('\n');
  }
}

/** Listing more differences than this would not help. */
const SHOWN = 100;

function whatIsPlayed({ trapIds, days, seed, faults, spikeAt }: Season, { url, api }: Target): string {
  const wrong = faults ? ', with faults' : '';
  const first = `${plural(trapIds.length, 'simulated trap')} (${trapIds[0]}${trapIds.length === 1 ? '' : ' …'}), ${plural(days, 'day')}, seed ${seed}${wrong}: to ${url}, compared with ${api}`;
  if (!spikeAt) return first;
  const { kind, trapId, runs, period } = spikeAt;
  return `${first}\nunusual: ${runs} times ${kind} at ${trapId} in the session of ${new Date(period.startMs).toISOString()}`;
}

function playLine({ traffic, connected }: SeasonPlayer, { runs, crops }: Ledger, traps: number): string {
  return `published: ${plural(runs, 'run')}, ${plural(crops, 'crop')}; ${plural(traffic.acknowledged, 'message')} acknowledged, ${traffic.underWay} under way; ${connected} of ${plural(traps, 'trap')} connected`;
}

/** Says what the comparison found. The last line is the verdict. @returns whether nothing differs */
function report({ runs, crops, differences }: Comparison, out: NodeJS.WritableStream): boolean {
  for (const difference of differences.slice(0, SHOWN)) out.write(`${difference}\n`);
  if (differences.length > SHOWN) out.write(`… and ${differences.length - SHOWN} more\n`);
  const isSame = differences.length === 0;
  out.write(
    isSame
      ? `published = stored: ${plural(runs, 'run')}, ${plural(crops, 'crop')}\n`
      : `published ≠ stored: ${plural(differences.length, 'difference')} in ${plural(runs, 'run')}, ${plural(crops, 'crop')}\n`,
  );
  return isSame;
}
