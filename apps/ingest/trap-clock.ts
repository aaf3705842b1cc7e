import { type Db, type KnownZones, zonesOf } from '../../libs/catalog/index.js';
import { type DeviceTime, readTrapTime } from '../../libs/domain/index.js';

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
