import type { Trap } from '../../../../libs/api-types/index.js';
import { readingOf } from '../../api/fleet.js';
import { bytes, number, percent } from '../../texts/format.js';
import { trapWords as t } from '../../texts/traps.js';

const LOW_BATTERY_PCT = 25;
export const LOW_DISK_MB = 1000;
export const WEAK_SIGNAL_DBM = -85;

export const temperature = (celsius: number): string => `${number(celsius)}\u00a0°C`;
export const signalText = (dbm: number): string => `${number(dbm).replace('-', '−')}\u00a0dBm`;
export const diskText = (megabytes: number): string => bytes(megabytes * 1e6);

export const isBatteryLow = (trap: Trap): boolean =>
  (readingOf(trap, 'batteryPct') ?? 100) <= LOW_BATTERY_PCT;

/** Battery, temperature inside, free disk, signal: what it measures of them. */
export function Vitals({ trap }: { readonly trap: Trap }) {
  const disk = readingOf(trap, 'diskFreeMb');
  const signal = readingOf(trap, 'signalDbm');
  const inside = readingOf(trap, 'temperatureC') ?? readingOf(trap, 'cpuTemperatureC');
  const shown = [
    power(trap),
    inside !== undefined && { name: t.inside, value: temperature(inside), isLow: false },
    disk !== undefined && { name: t.diskFree, value: diskText(disk), isLow: disk < LOW_DISK_MB },
    signal !== undefined && { name: t.signal, value: signalText(signal), isLow: false },
  ].filter((each) => each !== false);
  if (!shown.length) return null;
  return (
    <dl class="vitals">
      {shown.map(({ name, value, isLow }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={isLow ? 'low' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const SOURCES: Readonly<Record<string, 'mains' | 'solar'>> = { mains: 'mains', solar: 'solar' };

function power(trap: Trap) {
  const battery = readingOf(trap, 'batteryPct');
  const source = SOURCES[String(trap.telemetry?.readings['powerSource'])];
  if (battery === undefined)
    return source ? { name: t.power, value: t[source], isLow: false } : (false as const);
  return { name: t.battery, value: percent(battery / 100), isLow: isBatteryLow(trap) };
}
