import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { buildMessage, type OutgoingMessage } from '../../libs/protocol/index.js';
import { plural } from '../../libs/text/index.js';
import { Agent, type AgentParts, type Pending } from './agent.js';
import type { Location } from './folder/location.js';
import { DataFolder } from './folder/session-folder.js';
import { SessionInfo } from './folder/session-info.js';
import { type Log, logTo } from './log.js';
import { progressLine, showProgress } from './progress.js';
import { Bandwidth } from './sending/bandwidth.js';
import { Link } from './sending/link.js';
import { CropReader } from './sending/publish-run.js';
import { PublishStats } from './sending/publish-stats.js';
import type { AgentOptions, AgentSettings } from './settings.js';
import { countCrops, dryRun } from './survey.js';

const KIB = 1024;
const POLL_INTERVAL_MS = 200;
/** With nothing to publish, the agent waits so long for the broker, and then for commands of the service. */
const CONNECT_MS = 10_000;
const COMMANDS_MS = 3000;
const SOFTWARE = 'insect-detect, published by trapline-agent';

/** `published`: all of it. `unread`: all that could be read, and something could not. `left`: something is not published. */
type Outcome = 'published' | 'unread' | 'left';
/** Longer lists are cut: they are not useful to a reader. */
const MOST_UNREAD = 100;

/**
 * Runs the agent as the command line asks for.
 *
 * @param stop ends it: what is acknowledged by then is noted
 * Watching ends without an error when it is asked to stop.
 */
export async function runAgent(
  options: AgentOptions,
  settings: AgentSettings,
  stop: AbortController,
): Promise<Outcome> {
  // Under systemd the journal sets the time.
  const log = logTo(process.stderr, process.env['JOURNAL_STREAM'] !== undefined);
  for (const warning of settings.warnings) log.warn(warning);
  const link = linkOf(options, settings, log);
  const parts = partsOf(options, settings, link, log, stop.signal);
  const agent = new Agent(parts);
  if (options.dryRun) {
    await dryRun(agent, parts);
    return listUnread(parts.way.tally);
  }
  link.open();
  try {
    if (!options.once) {
      stop.signal.addEventListener('abort', () => void link.close(), { once: true });
      await agent.watch();
      return 'published';
    }
    return await once(agent, parts, options.patience * 1000, stop);
  } finally {
    parts.way.reader.close();
    await link.close();
  }
}

async function once(
  agent: Agent,
  parts: AgentParts,
  patienceMs: number,
  stop: AbortController,
): Promise<Outcome> {
  const { tally, link } = parts.way;
  const pending = await agent.pending();
  const isNothingNew = !pending.length && !tally.left.size;
  if (isNothingNew) process.stdout.write('published: there is nothing new\n');
  const goal = { sessions: pending.length, crops: await countCrops(pending), startedMs: performance.now() };
  const end = isNothingNew
    ? () => {}
    : showProgress(() => progressLine(tally, goal, link.isConnected, performance.now()), process.stdout);
  tally.news();
  const impatience = setInterval(() => {
    if (performance.now() - tally.lastNewsMs > patienceMs) stop.abort();
  }, POLL_INTERVAL_MS);
  // Nothing that waits for the broker would ever notice otherwise.
  stop.signal.addEventListener('abort', () => void link.close(), { once: true });
  let isAll = false;
  try {
    const canAllBeRead = tally.left.size === 0;
    isAll = (await agent.publish(pending)) && canAllBeRead;
    if (isNothingNew) await untilAsked(link, stop.signal);
    await agent.obey();
  } finally {
    clearInterval(impatience);
    end();
  }
  return isNothingNew ? listUnread(tally) : report(isAll, agent, pending, parts);
}

/** Gives the service time to ask for crops again, which it does when it hears that the trap is online. */
async function untilAsked(link: Link, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + CONNECT_MS;
  while (!link.isConnected && !signal.aborted && performance.now() < untilMs) await delay(POLL_INTERVAL_MS);
  if (link.isConnected) await delay(COMMANDS_MS, undefined, { signal }).catch(() => {});
}

function report(
  isAll: boolean,
  agent: Agent,
  pending: readonly Pending[],
  { way: { tally }, trapId }: AgentParts,
): Outcome {
  const { stdout } = process;
  if (tally.rejected)
    stdout.write(`${plural(tally.rejected, 'crop was', 'crops were')} set aside: see above
`);
  const outcome = listUnread(tally);
  if (isAll) {
    stdout.write(
      `published: all of ${plural(pending.length, 'session')}, ${plural(tally.runs, 'run')}, ${plural(tally.crops, 'crop')}
`,
    );
    return outcome;
  }
  for (const [what, why] of tally.left) stdout.write(`not published: ${what}: ${why}\n`);
  for (const each of pending) {
    const name = `${trapId}/${each.folder.name}`;
    if (!agent.isPublished(each) && !tally.left.has(name)) stdout.write(`not published: ${name}\n`);
  }
  return 'left';
}

/** Says what of the card could not be read. */
function listUnread({ unread }: PublishStats): Outcome {
  for (const [what, why] of [...unread].slice(0, MOST_UNREAD))
    process.stdout.write(`not read: ${what}: ${why}\n`);
  if (unread.size > MOST_UNREAD) process.stdout.write(`not read: ${unread.size - MOST_UNREAD} more\n`);
  return unread.size ? 'unread' : 'published';
}

function partsOf(
  { once, dryRun: isDry }: AgentOptions,
  settings: AgentSettings,
  link: Link,
  log: Log,
  stop: AbortSignal,
): AgentParts {
  const { dataFolder, trap, cutCrops } = settings;
  return {
    dataFolder: new DataFolder(dataFolder),
    named: (path) => relative(dataFolder, path),
    isWhole: once === true || isDry === true,
    onLocation: (location) => void link.greet([infoOf(settings, location)]),
    // Cards of several traps may lie beside each other, and a wrong trap may have been named before.
    stateFolder: join(settings.stateFolder, trap),
    trapId: trap,
    timeZone: settings.timeZone,
    mayCut: cutCrops,
    info: new SessionInfo(),
    quietMs: settings.quietS * 1000,
    pollIntervalMs: settings.lookEveryS * 1000,
    log,
    way: {
      link,
      bandwidth: new Bandwidth(settings.bytesPerS),
      reader: new CropReader(settings.maxCropKb * KIB),
      inFlight: pLimit(settings.inFlight),
      receiptWaitMs: settings.receiptWaitS * 1000,
      tally: new PublishStats(),
      log,
      stop,
    },
  };
}

function linkOf({ status, once }: AgentOptions, settings: AgentSettings, log: Log): Link {
  const { url, trap, password, ca, retryFirstS, retryLastS } = settings;
  return new Link(
    {
      url,
      trapId: trap,
      password,
      ca,
      retry: { firstMs: retryFirstS * 1000, lastMs: retryLastS * 1000, jitter: true },
      saysStatus: status,
      greeting: [infoOf(settings)],
      givesUpWhenRefused: once === true,
    },
    log,
  );
}

/** @param location what insect-detect's configuration says; the agent's own settings come first */
function infoOf({ trap, ...settings }: AgentSettings, location?: Location): OutgoingMessage {
  const { name, timeZone, software = SOFTWARE, camera, detector } = settings;
  const isSet = settings.latitude !== undefined && settings.longitude !== undefined;
  const { latitude, longitude } = isSet || !location ? settings : location;
  return buildMessage(
    'info',
    { trapId: trap },
    { name, timeZone, latitude, longitude, software, camera, detector },
  );
}
