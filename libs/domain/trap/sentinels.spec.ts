import { describe, expect, it } from '@jest/globals';
import { isNoFix, sweepSentinels } from './sentinels.js';

const absent = (payload: Record<string, unknown>) => sweepSentinels(payload).absent.map(({ field }) => field);

describe('values that are none', () => {
  it.each([
    ['temperatureC', [-127, -300, -999, -32768, 65535, 150, null, 'NaN', 'nan', '', 'N/A']],
    ['cpuTemperatureC', [-127, -274, 65535]],
    ['batteryPct', [255, -1, 101, 65535, null, 'unknown']],
    ['humidityPct', [101, -1, 255, 65535, -999]],
    ['signalDbm', [0, 99, 31, -999, -32768, 65535]],
    ['diskFreeMb', [-1, 4_294_967_295]],
    ['chargeStart', [255, -1]],
  ])('are taken out of %s', (field, values) => {
    for (const value of values) expect([value, absent({ [field]: value })]).toEqual([value, [field]]);
  });

  it.each([
    ['temperatureC', [-89, 0, -40.5, 84.9, 85, 125, -126.9]],
    ['cpuTemperatureC', [85, 0]],
    ['batteryPct', [0, 100, 54.3]],
    ['humidity', [0, 100]],
    ['signalDbm', [-1, -71, -140]],
    ['diskFreeMb', [0, 65535, 2_000_000]],
    ['chargeEnd', ['USB_C_IN', 0, 100]],
    // Without a rule: a light sensor may well read 65535 lx.
    ['lux', [65535, -999, null, 'NaN']],
    ['powerSource', ['unknown', 'NA']],
  ])('are not those that %s may have', (field, values) => {
    for (const value of values) expect([value, absent({ [field]: value })]).toEqual([value, []]);
  });

  it('leave the others as they are, and are named with the reason', () => {
    expect(sweepSentinels({ v: 1, at: 'now', batteryPct: 87, temperatureC: -127 })).toEqual({
      payload: { v: 1, at: 'now', batteryPct: 87 },
      absent: [
        {
          field: 'temperatureC',
          message: 'temperatureC -127 is left out: that is what a sensor reads when it is disconnected',
        },
      ],
      suspect: [],
    });
  });

  it('are doubtful where a sensor has not measured yet', () => {
    const { payload, suspect } = sweepSentinels({ temperatureC: 85.0, cpuTemperatureC: 85 });
    expect(payload).toEqual({ temperatureC: 85, cpuTemperatureC: 85 });
    expect(suspect.map(({ field }) => field)).toEqual(['temperatureC']);
  });
});

describe('a place that is none', () => {
  it.each([
    [0, 0],
    [-0, 0],
    [0.00001, -0.00001],
    [91, 181],
    [999, 999],
    [52.5, 181],
  ])('%d/%d goes as a whole', (latitude, longitude) => {
    expect(isNoFix(latitude, longitude)).toBe(true);
    expect(absent({ name: 'a', latitude, longitude })).toEqual(['latitude', 'longitude']);
  });

  it.each([
    [0, 13.4],
    [51.5, 0],
    [0.001, 0],
    [90, 0],
    [-33.9, -180],
  ])('%d/%d is one', (latitude, longitude) => {
    expect(isNoFix(latitude, longitude)).toBe(false);
  });
});
