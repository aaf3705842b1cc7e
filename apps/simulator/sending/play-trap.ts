import type { LimitFunction } from 'p-limit';
import type { Ledger } from '../ledger/ledger.js';
import { cropBytes } from '../messages/crop-bytes.js';
import type { Outgoing } from '../messages/outgoing.js';
import { runMessages } from '../messages/run-messages.js';
import {
  infoMessage,
  minutesOf,
  readingMessage,
  sessionMessage,
  statusMessage,
} from '../messages/trap-messages.js';
import type { Pictures } from '../pictures/pictures.js';
import { sentWith } from '../season/conditions.js';
import type { Period, Run, Season, Session } from '../season/season.js';
import { sessionIn } from '../season/sessions.js';
import type { SimulatedTime } from './simulated-time.js';
import type { TrapLink } from './trap-link.js';

/** What all traps of a simulation share. */
interface Stage {
  readonly season: Season;
  readonly pictures: Pictures;
  readonly ledger: Ledger;
  readonly stop: AbortSignal;
  /** Of which each stands for a run whose pictures are in memory. */
  readonly runsAtOnce: LimitFunction;
}

/** One trap through its season: what it sees, session by session, and how that gets to the service. */
export class TrapPlayer {
  constructor(
    private readonly stage: Stage,
    private readonly trapId: string,
    private readonly link: TrapLink,
  ) {}

  /** Plays the past. */
  async play(time: SimulatedTime): Promise<void> {
    const { season, stop } = this.stage;
    const sent = sentWith(season, this.trapId);
    for (const [i, period] of season.periods.entries()) {
      const isFirstOffline = sent[i] !== i && sent[i - 1] !== sent[i];
      if (isFirstOffline) await this.link.breakOff();
      // After an outage all that was recorded meanwhile goes out at once, oldest first.
      await time.until((season.periods[sent[i] ?? i] as Period).startMs);
      if (stop.aborted) return;
      const next = season.periods[i + 1];
      await this.session(sessionIn(season, this.trapId, period), time, next?.startMs);
    }
  }

  /** Publishes a session and everything in it, in the order of its times. */
  async session(session: Session, time: SimulatedTime, nextMs?: number): Promise<void> {
    const { season, ledger, stop } = this.stage;
    await this.wake(session);
    await this.publish([sessionMessage(season, session, false)]);
    const events = [
      ...session.runs.map((run) => ({ atMs: run.endMs, play: () => this.run(session, run) })),
      ...session.readings.map((reading) => ({
        atMs: reading.atMs,
        play: () => this.publish([readingMessage(season, session, reading)]),
      })),
    ].sort((a, b) => a.atMs - b.atMs);
    let lastMs = session.startMs;
    for (const { atMs, play } of events) {
      await time.until(atMs);
      if (stop.aborted) break;
      await play();
      lastMs = atMs;
    }
    await time.until(session.endMs);
    // A session that is cut short ends with the last that was seen in it.
    const whole = stop.aborted ? { ...session, endMs: Math.min(lastMs, session.endMs) } : session;
    await this.publish([
      sessionMessage(season, whole, true),
      statusMessage(season, whole, 'sleeping', whole.endMs, nextMs),
    ]);
    ledger.session({ trapId: this.trapId, sessionId: whole.sessionId, minutes: minutesOf(whole) });
  }

  private async wake(session: Session): Promise<void> {
    const { season } = this.stage;
    const isNew = !this.link.isOpen;
    if (isNew) await this.link.open();
    await this.publish([
      ...(isNew ? [infoMessage(season, this.trapId)] : []),
      statusMessage(season, session, 'online', session.startMs),
    ]);
  }

  private run({ clock }: Session, run: Run): Promise<void> {
    const { season, pictures, ledger, runsAtOnce } = this.stage;
    return runsAtOnce(async () => {
      const crops = await cropBytes(run, pictures);
      const messages = runMessages(season, clock, run, crops);
      await this.publish(messages, run.faults.dropAfter);
      ledger.run(run, crops, clock.wrong !== undefined);
    });
  }

  /** Resolves when all of it is acknowledged; what must be refused is noted. */
  private async publish(messages: readonly Outgoing[], dropAfter?: number): Promise<void> {
    await this.link.publish(messages, dropAfter);
    for (const message of messages) if (message.refusedAs) this.stage.ledger.refused(message, this.trapId);
  }
}
