import type { Catalog } from '../../libs/database/index.js';
import { DAY_MS, MINUTE_MS, offsetMinAt, type Trap, wallOffsetMin } from '../../libs/domain/index.js';
import { buildPayload, topicOf } from '../../libs/protocol/index.js';
import type { Publish } from '../outbox/index.js';
import { listTraps } from '../traps/index.js';
import { HomeAssistantRepository } from './home-assistant.repository.js';
import { discoveryPayload, discoveryTopic } from './home-assistant-device.js';

/** A broker that was set up anew knows nothing of what it was told before. */
const AGAIN_MS = 60 * MINUTE_MS;

interface HomeAssistantSettings {
  /** Topic below which it looks for devices. */
  readonly prefix: string;
  /** Of traps that have said none. */
  readonly timeZone: string;
  readonly publicUrl: string | undefined;
  readonly language: 'en' | 'de';
}

/** Tells Home Assistant of every trap, and keeps the count of the day for it. All of it is retained by the broker. */
export class HomeAssistant {
  /** Topic → what it says, and when it was said. */
  private readonly repository: HomeAssistantRepository;
  private readonly said = new Map<string, { readonly payload: string; readonly atMs: number }>();

  constructor(
    private readonly catalog: Catalog,
    private readonly settings: HomeAssistantSettings,
    private readonly publish: Publish,
  ) {
    this.repository = new HomeAssistantRepository(catalog);
  }

  /** One look at all traps: publishes what has changed. */
  async look(nowMs: number): Promise<void> {
    const { prefix, timeZone } = this.settings;
    for (const trap of await listTraps(this.catalog.reader)) {
      const { trapId } = trap;
      if (trap.removedAtMs !== null) {
        await this.forget(trapId, nowMs);
        continue;
      }
      await this.say(
        discoveryTopic(prefix, trapId),
        discoveryPayload(trapId, this.wordsOf(trap), this.settings.language),
        nowMs,
      );
      const { day, fromMs, toMs } = dayAt(nowMs, trap.timeZone ?? timeZone);
      const visits = await this.repository.insectVisits(trapId, fromMs, toMs);
      const at = new Date(nowMs).toISOString();
      const today = buildPayload('today', { day, visits, at });
      await this.say(topicOf.today(trapId), today, nowMs, `${day} ${visits}`);
    }
  }

  /** An empty payload takes what is retained away, and with it the device. */
  private async forget(trapId: string, nowMs: number): Promise<void> {
    await this.say(discoveryTopic(this.settings.prefix, trapId), '', nowMs);
    await this.say(topicOf.today(trapId), '', nowMs);
  }

  private wordsOf({ trapId, info }: Trap) {
    const { name, software, camera } = info as Record<string, string | undefined>;
    const { publicUrl } = this.settings;
    const url = publicUrl && `${publicUrl}/api/v1/traps/${encodeURIComponent(trapId)}`;
    return { name, software, camera, url };
  }

  /** @param gist what must be another one for it to be news; the payload itself, if not given */
  private async say(topic: string, payload: string, nowMs: number, gist: string = payload): Promise<void> {
    const before = this.said.get(topic);
    if (before?.payload === gist && nowMs - before.atMs < AGAIN_MS) return;
    await this.publish(topic, payload, { retain: true, qos: 1 });
    this.said.set(topic, { payload: gist, atMs: nowMs });
  }
}

/** The day that it is in a zone, when it began and when it ends: where clocks change it has 23 or 25 hours. */
export function dayAt(
  nowMs: number,
  timeZone: string,
): { readonly day: string; readonly fromMs: number; readonly toMs: number } {
  const wallMs = nowMs + offsetMinAt(nowMs, timeZone) * MINUTE_MS;
  const midnightMs = Math.floor(wallMs / DAY_MS) * DAY_MS;
  return {
    day: new Date(midnightMs).toISOString().slice(0, 10),
    fromMs: midnightMs - wallOffsetMin(midnightMs, timeZone) * MINUTE_MS,
    toMs: midnightMs + DAY_MS - wallOffsetMin(midnightMs + DAY_MS, timeZone) * MINUTE_MS,
  };
}
