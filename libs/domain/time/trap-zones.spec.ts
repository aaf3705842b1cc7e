import { describe, expect, it } from '@jest/globals';
import { readTrapTime, relevantZones, type TrapZones } from './trap-zones.js';

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

describe('a time in the hour that comes twice', () => {
  const own = 'Europe/Berlin';
  const TWICE = '2026-10-25T02:20:00';
  const at = (time: string) => Date.parse(`2026-10-25T${time}`);
  const deployment = (start: string | null, end: string | null, timeZone: string | null = null) => ({
    startMs: start === null ? null : at(start),
    endMs: end === null ? null : at(end),
    timeZone,
  });

  it.each([
    ['only that lies in a deployment without a zone', [deployment('02:15+01:00', null)], 60],
    ['only that lies in a deployment with a zone', [deployment('02:15+01:00', null, own)], 60],
    [
      'only that lies in the second of two',
      [deployment(null, '02:15+02:00'), deployment('02:15+01:00', null)],
      60,
    ],
  ])('is in its second pass where %s', (_where, deployments, offsetMin) => {
    expect(offsetOf(TWICE, { own, deployments })).toBe(offsetMin);
  });

  it.each([
    ['there is no deployment', []],
    ['both passes lie in one', [deployment('02:15+02:00', null)]],
    ['both passes lie in one that holds for ever', [deployment(null, null)]],
    ['neither does', [deployment('02:25+01:00', null)]],
    ['each lies in one', [deployment(null, '02:15+01:00'), deployment('02:15+01:00', null)]],
    ['the second has a zone', [deployment(null, '02:15+01:00'), deployment('02:15+01:00', null, own)]],
    ['the first has a zone', [deployment(null, '02:15+01:00', own), deployment('02:15+01:00', null)]],
  ])('is in its first pass where %s', (_where, deployments) => {
    expect(offsetOf(TWICE, { own, deployments })).toBe(120);
  });

  it('is in its second pass also where neither the deployment nor the trap has a zone', () => {
    const summer = { ...LIMA, timeZone: own };
    const deployments = [summer, deployment('02:15+01:00', null)];
    expect(offsetOf(TWICE, { own: undefined, deployments })).toBe(60);
    const inDefaultZone = { own: undefined, deployments: deployments.slice(1) };
    expect(readTrapTime(TWICE, inDefaultZone, own, NOW)?.offsetMin).toBe(60);
  });

  it('is the only one that a deployment without a zone affects', () => {
    const deployments = [LIMA, { startMs: JUNE_20, endMs: null, timeZone: null }];
    expect(offsetOf('2026-06-20T12:00:00', { own, deployments })).toBe(120);
    expect(offsetOf('2026-06-19T18:00:00', { own, deployments })).toBe(-300);
    expect(offsetOf('2026-06-25T12:00:00', { own: undefined, deployments })).toBe(-300);
  });
});

describe('the deployments that can change how a time is read', () => {
  const kept = (
    own: string | undefined,
    startMs: number | null,
    endMs: number | null,
    timeZone: string | null = null,
  ) => relevantZones({ own, deployments: [{ startMs, endMs, timeZone }] }).deployments.length === 1;
  const OCTOBER_25 = Date.parse('2026-10-25T02:15:00+01:00');
  const MARCH_29 = Date.parse('2026-03-29T03:15:00+02:00');

  it('have a zone of their own, or begin or end when clocks go back', () => {
    expect(kept('Europe/Berlin', JUNE_10, JUNE_20, 'America/Lima')).toBe(true);
    expect(kept('Europe/Berlin', OCTOBER_25, null)).toBe(true);
    expect(kept('Europe/Berlin', null, OCTOBER_25)).toBe(true);
    expect(kept('America/Lima', OCTOBER_25, null)).toBe(false);
    expect(kept('Europe/Berlin', JUNE_10, JUNE_20)).toBe(false);
    expect(kept('Europe/Berlin', MARCH_29, null)).toBe(false);
    expect(kept('Europe/Berlin', null, null)).toBe(false);
  });

  it('are all that begin or end where the zone of the trap is not known', () => {
    expect(kept(undefined, JUNE_10, null)).toBe(true);
    expect(kept(undefined, null, null)).toBe(false);
  });
});
