import { isAbsolute } from 'node:path';
import { buildMessage } from '../../../libs/protocol/index.js';
import { type FoundRun, runOfTrack } from '../folder/run-of-track.js';
import { dayLogPaths, firstThere, type SessionFolder } from '../folder/session-folder.js';
import { indexSession, lines, type SessionIndex } from '../folder/session-index.js';
import type { ClosedSession, SessionInfo } from '../folder/session-info.js';
import { SessionClock } from '../folder/time/session-clock.js';
import { StepsBack } from '../folder/time/steps-back.js';
import { readings } from '../folder/time/system-log.js';
import { elapsedMicros, readTakenAt, type TakenAt } from '../folder/time/taken-at.js';
import { Unreadable } from '../folder/unreadable.js';
import { publishedAs, SessionState } from '../state/session-state.js';
import { assertDiskSpace } from '../state/state-room.js';
import { type Publisher, RunPublisher } from './publish-run.js';
import { type KnownSession, runIdOf, sessionIdOf, sessionMessage, spanOf } from './run-messages.js';

/** Runs that are begun and whose receipt has not come. */
const OPEN_RUNS = 32;
const LONGEST_MICROS = 86_400 * 1e6;
const MOST_WARNINGS = 10;
const NOT_HERE = 'the crops are not here any more';
const NOT_SENT_BEFORE = 'this run was not sent from here';

export interface SessionParts {
  readonly way: Publisher;
  readonly trapId: string;
  /** In which its clock stands. */
  readonly timeZone: string;
  readonly stateFolder: string;
  readonly info: SessionInfo;
  readonly mayCut: boolean;
  /** Nothing is recording: a last line without its end is all that there will be. */
  readonly isWhole: boolean;
  /** A path as it is told: relative to the data folder. */
  readonly named: (path: string) => string;
}

/** Where the readings of a session are; versions before 2 write those of a day into one file. */
interface SessionLog {
  readonly path: string;
  readonly isOwn: (session: string) => boolean;
  readonly order: StepsBack;
}

/** Publishes what is new in one session: that it was, its readings, its runs in the order in which they began. */
export class SessionPublisher {
  private lastSeen: TakenAt | undefined;
  private left = 0;
  /** What of the session could not be read: path → why. */
  private readonly unread = new Map<string, string>();

  private constructor(
    private readonly parts: SessionParts,
    private readonly folder: SessionFolder,
    private readonly state: SessionState,
  ) {}

  /**
   * @param signature of the folder before anything of it is read: what is written meanwhile is found later
   * @returns whether all of it is published
   * @throws StateUnwritable before anything is sent
   */
  static async publish(parts: SessionParts, folder: SessionFolder, signature: string): Promise<boolean> {
    await assertDiskSpace(parts.stateFolder, folder.name);
    const state = await SessionState.open(parts.stateFolder, folder.name);
    try {
      const publisher = new SessionPublisher(parts, folder, state);
      const isAll = await publisher.publishAll();
      if (isAll) await state.finish(signature, publisher.unread.size);
      return isAll;
    } finally {
      await state.close();
    }
  }

  /** Says that a session has begun, while it is still recording. */
  static async begin(parts: SessionParts, folder: SessionFolder): Promise<void> {
    await assertDiskSpace(parts.stateFolder, folder.name);
    const state = await SessionState.open(parts.stateFolder, folder.name);
    try {
      const publisher = new SessionPublisher(parts, folder, state);
      if (state.said === undefined) await publisher.say(await publisher.name());
    } finally {
      await state.close();
    }
  }

  /**
   * Sends crops of one run again that the service has lost, as far as they are still on the card.
   *
   * @param crops undefined: all of the run
   * @returns why not all of them are stored again; undefined where they are
   * @throws StateUnwritable before anything is sent
   */
  static async resend(
    parts: SessionParts,
    folder: SessionFolder,
    runId: string,
    crops: readonly string[] | undefined,
  ): Promise<string | undefined> {
    await assertDiskSpace(parts.stateFolder, folder.name);
    const before = await publishedAs(parts.stateFolder, folder.name);
    const state = await SessionState.open(parts.stateFolder, folder.name);
    try {
      const why = await new SessionPublisher(parts, folder, state).resendRun(runId, crops);
      // Otherwise the whole session would go out once more with the next start.
      if (before && state.run(runId).isDone) await state.finish(before.signature, before.unread);
      return why;
    } finally {
      await state.close();
    }
  }

  private async resendRun(runId: string, crops: readonly string[] | undefined): Promise<string | undefined> {
    const { way, trapId, mayCut } = this.parts;
    const { sessionId } = this.state;
    if (sessionId === undefined) return NOT_SENT_BEFORE;
    const index = await indexSession(this.folder, this.parts.isWhole);
    const track = index.tracks.find(({ id }) => runIdOf(sessionId, { trackId: id }) === runId);
    if (!track) return NOT_HERE;
    const run = await runOfTrack(this.folder, index, track, mayCut);
    const known = this.state.run(runId);
    const wanted = crops && new Set(crops);
    const here = run.crops.filter(
      ({ cropId }) => (wanted?.has(cropId) ?? true) && !known.rejected.has(cropId),
    );
    if (!here.length) return NOT_HERE;
    const unsent: string[] = [];
    if (known.isDone) await this.state.note({ run: runId, done: false });
    await this.state.note({ run: runId, missing: here.map(({ cropId }) => cropId) });
    const publisher = new RunPublisher(way, this.state, { trapId, sessionId, runId }, run, (what) =>
      unsent.push(what),
    );
    const why = await publisher.publish(this.folder.start);
    if (why !== undefined) return why;
    const gone = wanted ? wanted.size - here.length : 0;
    return gone + unsent.length > 0
      ? `${gone + unsent.length} of the crops are not here any more`
      : undefined;
  }

  private async publishAll(): Promise<boolean> {
    const { way, trapId, info, isWhole } = this.parts;
    const index = await indexSession(this.folder, isWhole);
    for (const [path, why] of index.unread) this.noteUnread(path, why);
    const sessionId = await this.name();
    if (this.state.said === undefined) await this.say(sessionId);
    const closed = info.of(this.folder.start, index.session);
    const log = await this.logOf(index, index.session ?? closed?.session);
    const clock = await this.clockOf(index, closed, log);
    await this.sendReadings(log, clock);
    await this.sendRuns(index, sessionId, clock);
    for (const [crop, code] of this.state.rejected())
      this.noteUnread(crop, `set aside by the service: ${code}`);
    if (way.stop.aborted) return false;
    // That it was, and how long, is true whatever became of its runs.
    const lastSeen = info.isWhole || !isWhole ? (this.lastSeen ?? this.folder.start) : undefined;
    await this.say(sessionId, { closed, lastSeen, counter: index.session, clock });
    this.warnOfUnread();
    if (this.left > 0) return false;
    way.tally.sessions += 1;
    way.tally.left.delete(`${trapId}/${this.folder.name}`);
    return true;
  }

  /** What the session was called first, it stays. */
  private async name(): Promise<string> {
    const sessionId = this.state.sessionId ?? sessionIdOf(this.folder.start);
    if (this.state.sessionId === undefined) await this.state.note({ v: 1, session: sessionId });
    return sessionId;
  }

  private async say(sessionId: string, known: KnownSession = { closed: undefined }): Promise<void> {
    const { way, trapId } = this.parts;
    const message = sessionMessage(trapId, sessionId, this.folder.start, known);
    if (this.state.said === message.payload) return;
    await way.link.publish(message);
    await this.state.note({ said: message.payload as string });
  }

  private async logOf(index: SessionIndex, counter: string | undefined): Promise<SessionLog | undefined> {
    const [own] = index.systemLogs;
    const path = own ?? (await firstThere(dayLogPaths(this.folder)));
    const isOwn = (session: string) => own !== undefined || session === counter;
    return path === undefined ? undefined : { path, isOwn, order: new StepsBack() };
  }

  /** The log is read for it only in a night when clocks change. */
  private async clockOf(
    index: SessionIndex,
    closed: ClosedSession | undefined,
    log: SessionLog | undefined,
  ): Promise<SessionClock> {
    const { info, timeZone } = this.parts;
    const { start } = this.folder;
    if (log && SessionClock.isChanging(start, timeZone))
      for await (const { reading, session, end } of readings(log.path, start)) {
        const taken = reading && log.isOwn(session) && readTakenAt(reading.at);
        if (taken) log.order.see(taken, end);
      }
    const before = info.before(start, index.session, closed);
    return new SessionClock(timeZone, { start, closed, before, index, log: log?.order });
  }

  private async sendReadings(log: SessionLog | undefined, clock: SessionClock): Promise<void> {
    const { way, trapId } = this.parts;
    if (log === undefined) return;
    const step = log.order.only;
    const bad: number[] = [];
    const sentTo = this.state.readingsTo;
    let end = sentTo;
    const underWay = new Set<Promise<void>>();
    for await (const line of readings(log.path, this.folder.start, (number) => bad.push(number))) {
      if (way.stop.aborted) return;
      if (!line.reading || !log.isOwn(line.session)) continue;
      const taken = clock.tell(readTakenAt(line.reading.at) as TakenAt, { position: line.end, step });
      this.see(taken);
      if (line.end <= sentTo) continue;
      end = line.end;
      const message = buildMessage('telemetry', { trapId }, { ...line.reading, at: taken.at });
      const sending = way.inFlight(() => way.link.publish(message)).finally(() => underWay.delete(sending));
      underWay.add(sending);
      if (underWay.size >= OPEN_RUNS) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    if (bad.length) this.noteUnread(log.path, `${lines(bad)} cannot be read`);
    if (end > sentTo) await this.state.note({ readingsTo: end });
  }

  private async sendRuns(index: SessionIndex, sessionId: string, clock: SessionClock): Promise<void> {
    const { way, trapId, mayCut } = this.parts;
    const underWay = new Set<Promise<void>>();
    const failures: unknown[] = [];
    for (const track of index.tracks) {
      if (way.stop.aborted || failures.length) break;
      const names = { trapId, sessionId, runId: runIdOf(sessionId, { trackId: track.id }) };
      const found = await runOfTrack(this.folder, index, track, mayCut).catch(ifUnreadable);
      if (found instanceof Unreadable) {
        this.noteLeft(names.runId, found.message);
        continue;
      }
      const run = { ...found, crops: clock.tellTrack(track.id, found.crops) };
      for (const [path, why] of run.unread) this.noteUnread(path, why);
      this.see(spanOf(run.crops, this.folder.start)?.end);
      if (!this.isNew(names.runId, run)) continue;
      const sending = new RunPublisher(way, this.state, names, run, (what, why) => this.noteUnread(what, why))
        .publish(this.folder.start)
        .catch((error) => ifUnreadable(error).message)
        .then((why) => this.noteLeft(names.runId, why))
        .catch((error) => {
          failures.push(error);
        })
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
      if (underWay.size >= OPEN_RUNS) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    if (failures.length) throw failures[0];
  }

  private isNew(runId: string, { crops }: FoundRun): boolean {
    if (!crops.length) return false;
    const known = this.state.run(runId);
    return !known.isDone || crops.some((crop) => !known.isSettled(crop));
  }

  private noteLeft(runId: string, why: string | undefined): void {
    const { tally } = this.parts.way;
    if (why === undefined) {
      tally.left.delete(runId);
      return;
    }
    this.left += 1;
    tally.left.set(runId, why);
    if (!this.parts.way.stop.aborted) this.parts.way.log.warn(`${runId}: ${why}: tried again later`);
  }

  private noteUnread(path: string, why: string): void {
    // A crop or a track has no path of its own.
    const what = isAbsolute(path) ? this.parts.named(path) : path;
    this.unread.set(what, why);
    this.parts.way.tally.unread.set(what, why);
  }

  /** With `--once` they are listed in the end. */
  private warnOfUnread(): void {
    const { way, isWhole } = this.parts;
    if (isWhole) return;
    for (const [what, why] of [...this.unread].slice(0, MOST_WARNINGS))
      way.log.warn(`${what}: not read: ${why}`);
    const more = this.unread.size - MOST_WARNINGS;
    if (more > 0) way.log.warn(`${this.folder.name}: ${more} more cannot be read: see --dry-run`);
  }

  private see(time: TakenAt | undefined): void {
    if (!time || Math.abs(time.micros - this.folder.start.micros) > LONGEST_MICROS) return;
    if (!this.lastSeen || elapsedMicros(this.lastSeen, time) > 0) this.lastSeen = time;
  }
}

/** One picture that cannot be read must not hold back the runs behind it. @throws anything else */
function ifUnreadable(error: unknown): Unreadable {
  if (error instanceof Unreadable) return error;
  throw error;
}
