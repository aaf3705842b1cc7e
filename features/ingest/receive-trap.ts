import type { Catalog, Db } from '../../libs/database/index.js';
import { choosePasses, type DeviceTime, readTrapTime } from '../../libs/domain/index.js';
import type {
  InfoPayload,
  SessionPayload,
  StatusPayload,
  TelemetryPayload,
  TrapMessageKind,
} from '../../libs/protocol/index.js';
import { followSessionMessage } from '../clock/index.js';
import { dropRetained, enqueuePoints, noteChange, putRetained, telemetryPoint } from '../outbox/index.js';
import { findSession, putSession } from '../sessions/index.js';
import { clearInfo, type KnownZones, putTelemetry, takeInfo, updateTrap, zonesOf } from '../traps/index.js';

/** Takes what a trap says of itself. */
export class TrapReceiver {
  constructor(
    private readonly catalog: Catalog,
    private readonly timeZone: string,
    /** Whether readings go to InfluxDB. */
    private readonly toInflux = false,
    /** What a trap says of itself may change in which zone its times are read. */
    private readonly onInfo: () => void = () => {},
  ) {}

  async status(trapId: string, topic: string, payload: StatusPayload, nowMs: number): Promise<void> {
    const status = JSON.stringify(payload);
    await this.catalog.inSharedTransaction(async (tx) => {
      await updateTrap(tx, trapId, { state: payload.state, status: payload, stateAtMs: nowMs }, nowMs);
      await noteChange(tx, { kind: 'trap', trap_id: trapId, item: '', state: payload.state });
      await putRetained(tx, topic, status);
    });
  }

  async info(trapId: string, topic: string, payload: InfoPayload, nowMs: number): Promise<void> {
    await this.catalog.inSharedTransaction(async (tx) => {
      await takeInfo(tx, trapId, payload, nowMs);
      await putRetained(tx, topic, JSON.stringify(payload));
    });
    this.onInfo();
  }

  async session(trapId: string, sessionId: string, payload: SessionPayload, nowMs: number): Promise<void> {
    await this.catalog.inSharedTransaction(async (tx) => {
      const clock = await TrapClock.of(tx, trapId, this.timeZone, nowMs);
      const read = {
        start: clock.read(payload.start),
        end: payload.end === undefined ? undefined : clock.read(payload.end),
      };
      const { start, end } = choosePasses(
        read,
        payload.minutes === undefined ? undefined : payload.minutes * 60,
      );
      const before = await findSession(tx, trapId, sessionId);
      const isSuspect = start?.clockSuspect || end?.clockSuspect;
      // A clock that was set right says by how much it was wrong when it said the same before.
      const takenBackMs =
        before?.clockSuspect && before.timeFrom === null && !isSuspect && start && before.startMs !== null
          ? start.utcMs - before.startMs
          : undefined;
      await putSession(tx, {
        trapId,
        sessionId,
        startMs: start?.utcMs ?? null,
        endMs: end?.utcMs ?? null,
        offsetMin: start?.offsetMin ?? null,
        reportedMinutes: payload.minutes ?? null,
        clockSuspect: isSuspect === true,
        clockShiftMs: takenBackMs ?? null,
        payload: { ...before?.payload, ...payload },
        receivedAtMs: nowMs,
        zoneRevision: before?.zoneRevision ?? clock.zoneRevision ?? null,
      });
      if (before) await followSessionMessage(tx, trapId, sessionId, this.timeZone);
    });
  }

  async telemetry(trapId: string, payload: TelemetryPayload, nowMs: number): Promise<void> {
    await this.catalog.inSharedTransaction(async (tx) => {
      const clock = await TrapClock.of(tx, trapId, this.timeZone, nowMs);
      const at = clock.read(payload.at);
      const atMs = at?.utcMs ?? nowMs;
      await putTelemetry(
        tx,
        {
          trapId: trapId,
          atMs: atMs,
          clockSuspect: at?.clockSuspect === true,
          payload: payload,
          receivedAtMs: nowMs,
        },
        clock.zoneRevision ?? null,
      );
      if (this.toInflux) await enqueuePoints(tx, [telemetryPoint(trapId, atMs)]);
    });
  }

  /** A trap clears what the broker retains for it: what it said there holds no more. */
  async clear(kind: TrapMessageKind, trapId: string, topic: string, nowMs: number): Promise<void> {
    await this.catalog.inSharedTransaction(async (tx) => {
      if (kind === 'status')
        await updateTrap(tx, trapId, { state: null, status: null, stateAtMs: null }, nowMs);
      if (kind === 'info') await clearInfo(tx, trapId, nowMs);
      await dropRetained(tx, topic);
    });
    if (kind === 'info') this.onInfo();
  }

  /** A retained message that others read from the broker. */
  async keep(topic: string, payload: Buffer): Promise<void> {
    await putRetained(this.catalog.db, topic, payload.toString('utf8'));
  }
}

/** Reads the times of one message, by what is known of the zones of its trap now. */
export class TrapClock {
  private hasReadNaive = false;

  private constructor(
    private readonly zones: KnownZones,
    private readonly defaultZone: string,
    private readonly receivedAtMs: number,
  ) {}

  /** @param tx the transaction that writes what is read: nobody may change the zones unseen in between */
  static async of(tx: Db, trapId: string, defaultZone: string, receivedAtMs: number): Promise<TrapClock> {
    return new TrapClock(await zonesOf(tx, trapId), defaultZone, receivedAtMs);
  }

  read(text: string): DeviceTime | undefined {
    const time = readTrapTime(text, this.zones, this.defaultZone, this.receivedAtMs);
    if (time?.naive) this.hasReadNaive = true;
    return time;
  }

  /** Of the zones, where any of the times that were read came without one: they are read again when others hold. */
  get zoneRevision(): number | undefined {
    return this.hasReadNaive ? this.zones.revision : undefined;
  }
}
