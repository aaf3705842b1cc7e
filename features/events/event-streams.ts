import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { Catalog } from '../../libs/database/index.js';
import { seesTrap } from '../accounts/index.js';
import { Problem } from '../http/index.js';
import { changesSince, forgetChanges, newestChange } from '../outbox/index.js';
import { LOG } from '../platform/index.js';

/** Streams of one service; each costs a connection and some kilobytes. */
const MOST_STREAMS = 200;
const POLL_MS = 500;
/** Transactions that began first may end last: what they noted appears this much later behind newer changes. */
const OVERLAP_MICROS = 5_000_000;
/** In one poll, and what a client that was away is told one by one. Beyond that it reads its page anew. */
const MOST_CHANGES = 200;
/** Of each client that does not read. */
const MOST_WAITING_BYTES = 64 * 1024;
const HEARTBEAT_MS = 20_000;
const KEPT_MICROS = 15 * 60 * 1_000_000;
/** Clients wait this long before they connect again. */
const RETRY_MS = 3000;

/** Who follows, and until when. */
export interface Follower {
  /** One stream for each: a second one ends the first. */
  readonly session: string;
  /** Whether it may see the jobs of others. */
  readonly seesAllJobs: boolean;
  /** The only traps that it hears of; undefined: all. */
  readonly traps: readonly string[] | undefined;
  /** Asked with every heartbeat; a stream ends with the login that opened it, and with another choice of traps. */
  current(): Promise<{ readonly traps?: readonly string[] | undefined } | undefined>;
}

type Change = Awaited<ReturnType<typeof changesSince>>[number];

interface Stream {
  readonly follower: Follower;
  readonly response: Response;
}

/**
 * Tells browsers what has changed in the catalog, by Server-Sent Events. It polls the catalog, and only while somebody
 * listens: so it hears of what other services did, and whoever makes changes never waits for those who follow them.
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly streams = new Map<string, Stream>();
  private readonly seen = new Map<string, number>();
  private polling?: NodeJS.Timeout;
  private beating?: NodeJS.Timeout;
  private newestSeq = 0;
  /** Up to here nothing is told any more: there were too many changes. */
  private skippedSeq = 0;

  constructor(
    private readonly catalog: Catalog,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  get size(): number {
    return this.streams.size;
  }

  /**
   * Answers with a stream that lasts until the client goes away.
   *
   * @param lastSeq the last change that the client knows of, where it was connected before
   * @throws Problem 503 where the service has as many streams as it can
   */
  async open(follower: Follower, response: Response, lastSeq: number | undefined): Promise<void> {
    this.end(follower.session, 'replaced');
    if (this.streams.size >= MOST_STREAMS)
      throw new Problem(
        503,
        'busy',
        `There are ${MOST_STREAMS} streams: ask for changes now and then instead.`,
        {
          headers: { 'Retry-After': '30' },
        },
      );
    const stream = { follower, response };
    this.streams.set(follower.session, stream);
    response.once('close', () => {
      if (this.streams.get(follower.session) === stream) this.streams.delete(follower.session);
      if (this.streams.size === 0) this.rest();
    });
    response.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // Proxies such as nginx would keep events until they fill a buffer.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    if (this.polling === undefined) this.begin();
    // What changes from here on has a greater number, whatever clock it comes from.
    response.write(`retry: ${RETRY_MS}\n`);
    write(stream, { event: 'hello', data: { retryMs: RETRY_MS }, id: this.newestSeq });
    if (lastSeq !== undefined) await this.catchUp(stream, lastSeq);
  }

  onModuleDestroy(): void {
    this.rest();
    for (const { response } of this.streams.values()) response.end();
  }

  private begin(): void {
    this.newestSeq = Date.now() * 1000;
    this.polling = setInterval(() => void this.poll(), POLL_MS).unref();
    this.beating = setInterval(() => void this.beat(), HEARTBEAT_MS).unref();
  }

  private rest(): void {
    clearInterval(this.polling);
    clearInterval(this.beating);
    delete this.polling;
    this.seen.clear();
  }

  private end(session: string, why: 'replaced' | 'ended'): void {
    const stream = this.streams.get(session);
    if (!stream) return;
    this.streams.delete(session);
    write(stream, { event: why, data: {} });
    stream.response.end();
  }

  /** A client that was away for longer than changes are kept, or missed many, reads everything anew. */
  private async catchUp(stream: Stream, lastSeq: number): Promise<void> {
    const isKept = lastSeq > Date.now() * 1000 - KEPT_MICROS + OVERLAP_MICROS;
    const missed = isKept ? await this.changes(lastSeq - OVERLAP_MICROS) : undefined;
    if (!missed || missed.length > MOST_CHANGES) write(stream, RESYNC);
    else for (const change of missed) send(stream, change);
  }

  private async poll(): Promise<void> {
    try {
      const rows = await this.changes(Math.max(this.newestSeq - OVERLAP_MICROS, this.skippedSeq));
      const fresh = rows.filter((row) => !this.seen.has(keyOf(row)));
      if (rows.length > MOST_CHANGES) await this.skip();
      else this.remember(rows);
      for (const stream of this.streams.values()) {
        if (rows.length > MOST_CHANGES) write(stream, RESYNC);
        else for (const change of fresh) send(stream, change);
        // Whoever does not read does not follow: the browser connects again, and catches up.
        if (stream.response.writableLength > MOST_WAITING_BYTES) stream.response.destroy();
      }
    } catch (err) {
      this.log.debug({ err }, 'changes could not be read');
    }
  }

  /** Goes on behind all changes that there are: clients read everything anew. */
  private async skip(): Promise<void> {
    this.skippedSeq = await newestChange(this.catalog.reader);
    this.newestSeq = Math.max(this.newestSeq, this.skippedSeq);
    this.seen.clear();
  }

  private remember(rows: readonly Change[]): void {
    for (const row of rows) this.seen.set(keyOf(row), row.seq);
    this.newestSeq = Math.max(this.newestSeq, rows.at(-1)?.seq ?? 0);
    for (const [key, seq] of this.seen) if (seq < this.newestSeq - OVERLAP_MICROS) this.seen.delete(key);
  }

  private changes(sinceSeq: number): Promise<readonly Change[]> {
    return changesSince(this.catalog.reader, sinceSeq, MOST_CHANGES + 1);
  }

  private async beat(): Promise<void> {
    for (const { follower, response } of [...this.streams.values()]) {
      response.write(': still here\n\n');
      const now = await follower.current().catch(() => follower);
      if (now?.traps?.join() !== follower.traps?.join() || !now) this.end(follower.session, 'ended');
    }
    await forgetChanges(this.catalog.db, Date.now() * 1000 - KEPT_MICROS).catch((err: unknown) =>
      this.log.debug({ err }, 'old changes could not be removed'),
    );
  }
}

const keyOf = ({ seq, kind, trap_id, item }: Change): string => [seq, kind, trap_id, item].join(' ');

interface Event {
  readonly event: string;
  readonly data: object;
  readonly id?: number;
}

const RESYNC: Event = { event: 'resync', data: {} };

function write({ response }: Stream, { event, data, id }: Event): void {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    `event: ${event}`,
    `data: ${JSON.stringify(data)}`,
  ];
  response.write(`${lines.join('\n')}\n\n`);
}

function send(stream: Stream, change: Change): void {
  const { follower } = stream;
  if (change.kind === 'job' ? !follower.seesAllJobs : !seesTrap(follower, change.trap_id)) return;
  write(stream, { id: change.seq, event: change.kind, data: dataOf(change) });
}

function dataOf({ kind, trap_id: trapId, item, state }: Change): object {
  switch (kind) {
    case 'run':
      return { trapId, runId: item, change: state };
    case 'trap':
      return { trapId, state };
    case 'job':
      return { id: item, state };
    default:
      return { id: item, trapId, state };
  }
}
