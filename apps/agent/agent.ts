import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../../libs/async/index.js';
import { plural } from '../../libs/text/index.js';
import { type Location, locationOf } from './folder/location.js';
import type { CardContents, DataFolder, FolderState, SessionFolder } from './folder/session-folder.js';
import type { Log } from './log.js';
import type { Resend } from './sending/commands.js';
import { AccountRefused } from './sending/link.js';
import { type SessionParts, SessionPublisher } from './sending/publish-session.js';
import { sessionIdOf } from './sending/run-messages.js';
import { type Published, publishedAs } from './state/session-state.js';
import { StateUnwritable } from './state/state-room.js';

export interface AgentParts extends SessionParts {
  readonly dataFolder: DataFolder;
  /** Told where insect-detect's configuration says that the trap stands, whenever that changes. */
  readonly onLocation: (location: Location) => void;
  readonly quietMs: number;
  readonly pollIntervalMs: number;
  readonly log: Log;
}

/** A session with something new in it. */
export interface Pending {
  readonly folder: SessionFolder;
  readonly signature: string;
}

/** What was tried in vain, as it was then. */
interface Failed {
  readonly signature: string;
  readonly failures: number;
  /** By a clock that nobody sets. */
  readonly againMs: number;
}

const LONGEST_PAUSE_MS = 3_600_000;

/** Looks after the data folder of one trap. It reads there, and never writes. */
export class Agent {
  /** Folders as they were when all of them was published. */
  private readonly published = new Map<string, Published | undefined>();
  /** Since when each folder has looked as it does, by a clock that nobody sets. */
  private readonly unchanged = new Map<string, { readonly signature: string; readonly sinceMs: number }>();
  private readonly begun = new Set<string>();
  private readonly failed = new Map<string, Failed>();
  /** Since nothing can be noted, nothing is sent, whatever is new. */
  private unwritable: Omit<Failed, 'signature'> | undefined;
  private location: Location | undefined;
  private readonly warned = new Set<string>();

  constructor(private readonly parts: AgentParts) {}

  /** Goes on until it is stopped: a session goes out when it is closed, or when nothing was written for a while. */
  async watch(): Promise<void> {
    const { way, pollIntervalMs } = this.parts;
    while (!way.stop.aborted) {
      try {
        const pending = (await this.pending()).filter((each) => this.isDue(each));
        if (pending.length) await this.publish(pending, true);
        await this.obey();
      } catch (error) {
        if (!way.stop.aborted)
          this.parts.log.warn(`the data folder cannot be read: ${(error as Error).message}`);
      }
      await delay(pollIntervalMs, undefined, { signal: way.stop }).catch(() => {});
    }
  }

  /** Does what the service has asked for since, and tells it what became of it. */
  async obey(): Promise<void> {
    const { link, stop } = this.parts.way;
    for (const refusal of link.commands.refusals()) await link.publish(refusal);
    for (const resend of link.commands.resends()) {
      if (stop.aborted) return;
      const why = await this.resend(resend).catch((error: Error) => error.message);
      if (stop.aborted) return;
      this.parts.log.info(`${resend.runId} was asked for again: ${why ?? 'sent'}`);
      await link.publish(link.commands.answer(resend.commandId, why));
    }
  }

  /** @returns why it is not done; undefined where it is */
  private async resend({ runId, crops }: Resend): Promise<string | undefined> {
    const { sessions } = await this.parts.dataFolder.read();
    // A run is called after the start of its session, whatever else its id holds.
    const folders = sessions.filter(({ start }) => runId.startsWith(`${sessionIdOf(start)}-`));
    let why: string | undefined = 'the run is not here any more';
    for (const folder of folders) {
      why = await SessionPublisher.resend(this.parts, folder, runId, crops);
      if (why === undefined) return undefined;
    }
    return why;
  }

  /** Sessions with something new in them, oldest first. What of the card cannot be read is noted. */
  async pending(): Promise<Pending[]> {
    const { dataFolder, info, way, log, trapId, isWhole, named } = this.parts;
    const card = await dataFolder.read();
    await info.read(card.sessionLists, isWhole);
    for (const { what, why } of card.unread) this.noteUnread(what, why);
    for (const [path, why] of info.unread) this.noteUnread(named(path), why);
    await this.tellLocation(card);
    const found: Pending[] = [];
    for (const folder of card.sessions) {
      try {
        const pending = await this.pendingOf(folder);
        if (pending) found.push(pending);
      } catch (error) {
        // A worn card has folders that cannot be read: the others can.
        const { message } = error as Error;
        way.tally.left.set(`${trapId}/${folder.name}`, message);
        log.warn(`${folder.name} cannot be read: ${message}`);
      }
    }
    return found;
  }

  isPublished({ folder, signature }: Pending): boolean {
    return this.published.get(folder.name)?.signature === signature;
  }

  private noteUnread(what: string, why: string): void {
    const { way, log, isWhole } = this.parts;
    way.tally.unread.set(what, why);
    if (isWhole || this.warned.has(what)) return;
    this.warned.add(what);
    log.warn(`${what}: not read: ${why}`);
  }

  private async tellLocation(card: CardContents): Promise<void> {
    const location = await locationOf(card);
    const { location: before } = this;
    if (!location || (location.latitude === before?.latitude && location.longitude === before.longitude))
      return;
    this.location = location;
    this.parts.onLocation(location);
  }

  private async pendingOf(folder: SessionFolder): Promise<Pending | undefined> {
    const { info, stateFolder, dataFolder, isWhole } = this.parts;
    const { name } = folder;
    const state = await dataFolder.stateOf(folder);
    const isClosed = info.of(folder.start, undefined) !== undefined;
    const signature = `${state.signature}${isClosed ? '.closed' : ''}`;
    if (!this.published.has(name)) this.published.set(name, await publishedAs(stateFolder, name));
    const published = this.published.get(name);
    // What could not be read is listed again, whenever somebody asks for all of a card.
    if (published?.signature === signature && !(isWhole && published.unread)) return undefined;
    if (isWhole || isClosed || this.isQuiet(folder, state)) return { folder, signature };
    await this.begin(folder);
    return undefined;
  }

  /**
   * @param isTold each session that went out is a line in the log
   * @returns whether all of them are published
   */
  async publish(pending: readonly Pending[], isTold = false): Promise<boolean> {
    const { way, log, trapId } = this.parts;
    const { tally } = way;
    let isAll = true;
    for (const { folder, signature } of pending) {
      if (way.stop.aborted) return false;
      const { runs, crops } = tally;
      try {
        const isPublished = await SessionPublisher.publish(this.parts, folder, signature);
        this.noteWritable();
        if (isPublished) this.published.set(folder.name, { signature, unread: 0 });
        else this.noteFailed(folder, signature);
        if (isPublished && isTold)
          log.info(
            `${folder.name}: published, ${plural(tally.runs - runs, 'run')}, ${plural(tally.crops - crops, 'crop')}`,
          );
        isAll &&= isPublished;
      } catch (error) {
        isAll = false;
        tally.left.set(`${trapId}/${folder.name}`, (error as Error).message);
        if (error instanceof StateUnwritable) {
          this.noteUnwritable(error);
          // The others have their notes in the same folder.
          return false;
        }
        this.noteFailed(folder, signature);
        if (error instanceof AccountRefused) throw error;
        if (!way.stop.aborted) log.warn(`${folder.name}: ${(error as Error).message}: tried again later`);
      }
    }
    return isAll;
  }

  /** What does not go is not tried at every look: that would fill the log, and take what the network can carry. */
  private isDue({ folder, signature }: Pending): boolean {
    if (this.unwritable && performance.now() < this.unwritable.againMs) return false;
    const before = this.failed.get(folder.name);
    return before?.signature !== signature || performance.now() >= before.againMs;
  }

  private noteFailed({ name }: SessionFolder, signature: string): void {
    const before = this.failed.get(name);
    const failures = before?.signature === signature ? before.failures + 1 : 1;
    this.failed.set(name, { signature, failures, againMs: this.againMs(failures) });
  }

  /** Said once, however long it lasts. */
  private noteUnwritable({ message }: StateUnwritable): void {
    const { log } = this.parts;
    if (!this.unwritable) log.warn(`${message}: nothing is sent until there is room, tried again later`);
    const failures = (this.unwritable?.failures ?? 0) + 1;
    this.unwritable = { failures, againMs: this.againMs(failures) };
  }

  private noteWritable(): void {
    if (this.unwritable) this.parts.log.info('what is sent can be noted again');
    this.unwritable = undefined;
  }

  private againMs(failures: number): number {
    return (
      performance.now() +
      backoffMs(failures, { firstMs: this.parts.pollIntervalMs, lastMs: LONGEST_PAUSE_MS, jitter: true })
    );
  }

  /** The clock of a trap can be years off, also against its own files: what does not change is quiet, too. */
  private isQuiet({ name }: SessionFolder, { signature, changedMs }: FolderState): boolean {
    const { quietMs } = this.parts;
    const ageMs = Date.now() - changedMs;
    const before = this.unchanged.get(name);
    if (before?.signature !== signature) this.unchanged.set(name, { signature, sinceMs: performance.now() });
    const sinceMs = this.unchanged.get(name)?.sinceMs ?? 0;
    return ageMs >= quietMs || performance.now() - sinceMs >= quietMs;
  }

  private async begin(folder: SessionFolder): Promise<void> {
    if (this.begun.has(folder.name)) return;
    this.begun.add(folder.name);
    // Nobody waits for it: there may be no network for a week.
    SessionPublisher.begin(this.parts, folder).catch(() => this.begun.delete(folder.name));
  }
}
