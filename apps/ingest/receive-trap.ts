import {
  type Catalog,
  findSession,
  markPoints,
  putRetained,
  putSession,
  putTelemetry,
  readingPoint,
  takeInfo,
  timeZoneOf,
  updateTrap,
} from '../../libs/catalog/index.js';
import { readTime } from '../../libs/domain/index.js';
import type {
  InfoPayload,
  SessionPayload,
  StatusPayload,
  TelemetryPayload,
} from '../../libs/protocol/index.js';

/** Takes what a trap says of itself. */
export class TrapReceiver {
  constructor(
    private readonly catalog: Catalog,
    private readonly timeZone: string,
    /** Whether readings go to InfluxDB. */
    private readonly toInflux = false,
  ) {}

  async status(trapId: string, topic: string, payload: StatusPayload, nowMs: number): Promise<void> {
    const status = JSON.stringify(payload);
    await this.catalog.db.transaction().execute(async (tx) => {
      await updateTrap(tx, trapId, { state: payload.state, status, state_at: nowMs }, nowMs);
      await putRetained(tx, topic, status);
    });
  }

  async info(trapId: string, topic: string, payload: InfoPayload, nowMs: number): Promise<void> {
    const info = JSON.stringify(payload);
    await this.catalog.db.transaction().execute(async (tx) => {
      await takeInfo(tx, trapId, payload, info, nowMs);
      await putRetained(tx, topic, info);
    });
  }

  async session(trapId: string, sessionId: string, payload: SessionPayload, nowMs: number): Promise<void> {
    const zone = await this.zoneOf(trapId);
    const start = readTime(payload.start, zone, nowMs);
    const end = payload.end === undefined ? undefined : readTime(payload.end, zone, nowMs);
    await this.catalog.db.transaction().execute(async (tx) => {
      const before = await findSession(tx, trapId, sessionId);
      await putSession(tx, {
        trap_id: trapId,
        session_id: sessionId,
        start_ms: start?.utcMs ?? null,
        end_ms: end?.utcMs ?? null,
        offset_min: start?.offsetMin ?? null,
        minutes: payload.minutes ?? null,
        clock_suspect: start?.clockSuspect || end?.clockSuspect ? 1 : 0,
        payload: JSON.stringify({ ...JSON.parse(before?.payload ?? '{}'), ...payload }),
        received_at: nowMs,
      });
    });
  }

  async telemetry(trapId: string, payload: TelemetryPayload, nowMs: number): Promise<void> {
    const at = readTime(payload.at, await this.zoneOf(trapId), nowMs);
    const atMs = at?.utcMs ?? nowMs;
    await this.catalog.db.transaction().execute(async (tx) => {
      await putTelemetry(tx, {
        trap_id: trapId,
        at_ms: atMs,
        clock_suspect: at?.clockSuspect ? 1 : 0,
        payload: JSON.stringify(payload),
        received_at: nowMs,
      });
      if (this.toInflux) await markPoints(tx, [readingPoint(trapId, atMs)]);
    });
  }

  /** A retained message that others read from the broker. */
  async keep(topic: string, payload: Buffer): Promise<void> {
    await putRetained(this.catalog.db, topic, payload.toString('utf8'));
  }

  private async zoneOf(trapId: string): Promise<string> {
    return (await timeZoneOf(this.catalog.reader, trapId)) ?? this.timeZone;
  }
}
