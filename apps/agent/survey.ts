import { basename, isAbsolute } from 'node:path';
import { plural } from '../../libs/text/index.js';
import type { Agent, AgentParts, Pending } from './agent.js';
import { namedCrop } from './folder/entry-names.js';
import { runOfTrack } from './folder/run-of-track.js';
import type { SessionFolder } from './folder/session-folder.js';
import { indexSession } from './folder/session-index.js';
import { megabytes } from './progress.js';
import type { SessionParts } from './sending/publish-session.js';
import { runIdOf, sessionIdOf } from './sending/run-messages.js';
import { SessionState } from './state/session-state.js';

/** About how many crops these sessions have: their files, or their rows where there are no files. */
export async function countCrops(pending: readonly Pending[]): Promise<number> {
  let count = 0;
  for (const { folder } of pending) {
    // What cannot be read is said when it is published.
    const { tracks } = await indexSession(folder).catch(() => ({ tracks: [] }));
    for (const { files, rows } of tracks) {
      const times = new Set(files.map((file) => namedCrop(basename(file))?.taken.micros));
      count += times.size || rows.reduce((sum, { length }) => sum + length, 0);
    }
  }
  return count;
}

/** What of a session would be published. */
interface SessionSurvey {
  readonly name: string;
  readonly sessionId: string;
  readonly runs: number;
  readonly crops: number;
  /** Without those that would have to be cut. */
  readonly bytes: number;
  readonly cut: number;
  /** Crops that the service has already. */
  readonly published: number;
  readonly oddities: readonly string[];
}

/** Reads all of a session, as it is done before it is published. */
async function surveySession(
  folder: SessionFolder,
  { stateFolder, mayCut, info, named, way: { tally } }: SessionParts,
): Promise<SessionSurvey> {
  const state = await SessionState.open(stateFolder, folder.name);
  const index = await indexSession(folder);
  const closed = info.of(folder.start, index.session);
  const sessionId = state.sessionId ?? sessionIdOf(folder.start);
  const unread = (path: string, why: string) => tally.unread.set(isAbsolute(path) ? named(path) : path, why);
  for (const [path, why] of index.unread) unread(path, why);
  const sum = {
    runs: 0,
    crops: 0,
    bytes: 0,
    cut: 0,
    published: 0,
    withoutPicture: 0,
    withoutRow: 0,
    wrongClock: 0,
  };
  for (const track of index.tracks) {
    const run = await runOfTrack(folder, index, track, mayCut);
    const known = state.run(runIdOf(sessionId, run));
    const fresh = run.crops.filter((crop) => !known.isSettled(crop));
    sum.published += run.crops.length - fresh.length;
    sum.withoutPicture += run.withoutPicture;
    sum.withoutRow += run.withoutRow;
    for (const [path, why] of run.unread) unread(path, why);
    if (!fresh.length) continue;
    sum.runs += 1;
    sum.crops += fresh.length;
    for (const crop of fresh) {
      sum.bytes += crop.bytes ?? 0;
      if (crop.cut) sum.cut += 1;
      if (Math.abs(crop.taken.micros - folder.start.micros) > 86_400e6) sum.wrongClock += 1;
    }
  }
  return {
    name: folder.name,
    sessionId,
    ...sum,
    oddities: [
      ...odd(closed ? 0 : 1, 'the session was not closed'),
      ...odd(sum.withoutRow, 'crops without a row'),
      ...odd(sum.withoutPicture, 'rows without a picture'),
      ...odd(sum.wrongClock, 'crops days away from their session: a wrong clock'),
    ],
  };
}

const odd = (count: number, what: string): string[] =>
  count === 0 ? [] : [what.startsWith('the ') ? what : `${count} ${what}`];

/** Says what would be published, and what is odd about it. Nothing is sent or written. */
export async function dryRun(agent: Agent, parts: AgentParts): Promise<void> {
  const { stdout } = process;
  const sum = { sessions: 0, runs: 0, crops: 0, bytes: 0, cut: 0 };
  for (const { folder } of await agent.pending()) {
    const found = await surveySession(folder, parts).catch((error: Error) => error);
    if (found instanceof Error) {
      parts.way.tally.unread.set(folder.name, found.message);
      stdout.write(`${folder.name}: cannot be read: ${found.message}\n`);
      continue;
    }
    const odd = found.oddities.length ? `; ${found.oddities.join(', ')}` : '';
    stdout.write(
      `${found.name}: session ${found.sessionId}, ${plural(found.runs, 'run')}, ${plural(found.crops, 'crop')} (${found.cut} to be cut), ${megabytes(found.bytes)} MB, ${found.published} published before${odd}\n`,
    );
    sum.sessions += 1;
    for (const figure of ['runs', 'crops', 'bytes', 'cut'] as const) sum[figure] += found[figure];
  }
  stdout.write(
    `nothing was sent: ${parts.trapId} would publish ${plural(sum.sessions, 'session')}, ${plural(sum.runs, 'run')}, ${plural(sum.crops, 'crop')} (${sum.cut} to be cut), ${megabytes(sum.bytes)} MB\n`,
  );
}
