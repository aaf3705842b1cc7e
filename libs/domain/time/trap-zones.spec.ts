import { describe, expect, it } from '@jest/globals';
import { readTrapTime, type TrapZones } from './trap-zones.js';

const NOW = Date.UTC(2026, 5, 30);
const JUNE_10 = Date.UTC(2026, 5, 10);
const JUNE_20 = Date.UTC(2026, 5, 20);
const LIMA = { startMs: JUNE_10, endMs: JUNE_20, timeZone: 'America/Lima' };

const offsetOf = (text: string, zones: TrapZones) => readTrapTime(text, zones, 'Asia/Tokyo', NOW)?.offsetMin;

describe('a time that a trap sent without a zone', () => {
  it('is read in the zone of the deployment whose time it is, otherwise in the own one of the trap', () => {
    const zones = { own: 'Europe/Berlin', deployments: [LIMA] };
    expect(offsetOf('2026-06-09T12:00:00', zones)).toBe(120);
    expect(offsetOf('2026-06-12T12:00:00', zones)).toBe(-300);
    expect(offsetOf('2026-06-20T12:00:00', zones)).toBe(120);
  });

  it('belongs to a deployment by its own clock, to the very start and not to the end', () => {
    const zones = { own: 'Europe/Berlin', deployments: [LIMA] };
    expect(offsetOf('2026-06-09T19:00:00', zones)).toBe(-300);
    expect(offsetOf('2026-06-09T18:59:59.999', zones)).toBe(120);
    expect(offsetOf('2026-06-19T19:00:00', zones)).toBe(120);
  });

  it('is read in the zone of the nearest deployment where the trap has none, else in the default one', () => {
    const paris = { startMs: JUNE_20, endMs: null, timeZone: 'Europe/Paris' };
    const gap = { ...LIMA, endMs: Date.UTC(2026, 5, 12) };
    const zones = { own: undefined, deployments: [gap, paris] };
    expect(offsetOf('2026-06-01T12:00:00', zones)).toBe(-300);
    expect(offsetOf('2026-06-13T12:00:00', zones)).toBe(-300);
    expect(offsetOf('2026-06-19T12:00:00', zones)).toBe(120);
    expect(offsetOf('2026-06-25T12:00:00', zones)).toBe(120);
    expect(offsetOf('2026-06-01T12:00:00', { own: undefined, deployments: [] })).toBe(540);
  });

  it('keeps the offset that it was sent with, whatever the zones', () => {
    expect(offsetOf('2026-06-12T12:00:00Z', { own: 'Europe/Berlin', deployments: [LIMA] })).toBe(0);
    expect(readTrapTime('no time', { own: undefined, deployments: [] }, 'UTC', NOW)).toBeUndefined();
  });
});
