import pLimit from 'p-limit';
import type { Ledger } from '../ledger/ledger.js';
import { offlineMessage } from '../messages/trap-messages.js';
import type { Pictures } from '../pictures/pictures.js';
import type { Season } from '../season/season.js';
import { playLive } from './play-live.js';
import { TrapPlayer } from './play-trap.js';
import { SimulatedTime } from './simulated-time.js';
import type { TrapAccount } from './trap-account.js';
import { type Traffic, TrapLink } from './trap-link.js';

/** Runs whose pictures are in memory: what bounds it with many traps. */
const RUNS_AT_ONCE = 16;
const CONNECTING_AT_ONCE = 64;

interface SeasonParts {
  readonly season: Season;
  readonly accounts: readonly TrapAccount[];
  readonly pictures: Pictures;
  readonly ledger: Ledger;
  /** Of the broker. */
  readonly url: string;
}

/** All traps of a season at once. */
export class SeasonPlayer {
  readonly traffic: Traffic = { acknowledged: 0, underWay: 0 };
  private readonly failed = new AbortController();
  private readonly stop: AbortSignal;
  private readonly traps: readonly { trapId: string; link: TrapLink; player: TrapPlayer }[];

  constructor(
    private readonly parts: SeasonParts,
    stop: AbortSignal,
  ) {
    this.stop = AbortSignal.any([stop, this.failed.signal]);
    const runsAtOnce = pLimit(RUNS_AT_ONCE);
    const connecting = pLimit(CONNECTING_AT_ONCE);
    const stage = { ...parts, stop: this.stop, runsAtOnce };
    this.traps = parts.accounts.map((account) => {
      const { trapId } = account;
      const link = new TrapLink(parts.url, account, offlineMessage(trapId), this.traffic, connecting);
      return { trapId, link, player: new TrapPlayer(stage, trapId, link) };
    });
  }

  get connected(): number {
    return this.traps.filter(({ link }) => link.isConnected).length;
  }

  /** @throws what kept a trap from connecting; then all stop */
  async playPast(speed: number): Promise<void> {
    const time = new SimulatedTime(this.parts.season.periods[0]?.startMs ?? 0, speed, this.stop);
    await this.all(({ player }) => player.play(time));
  }

  /** Until it is stopped. @throws as `playPast` */
  async playLive(runsPerMinute: number): Promise<void> {
    const each = runsPerMinute / this.traps.length;
    await this.all(({ trapId, player }) => playLive(this.parts.season, trapId, player, each, this.stop));
  }

  async close(): Promise<void> {
    await Promise.all(this.traps.map(({ link }) => link.close()));
  }

  private async all(play: (trap: SeasonPlayer['traps'][number]) => Promise<void>): Promise<void> {
    const fail = (error: unknown) => {
      this.failed.abort();
      throw error;
    };
    const ended = await Promise.allSettled(this.traps.map((trap) => play(trap).catch(fail)));
    const broken = ended.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
  }
}
