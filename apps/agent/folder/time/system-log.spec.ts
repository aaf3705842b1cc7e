import { describe, expect, it } from '@jest/globals';
import { columnsOfRow, readingOf } from './system-log.js';
import { readTakenAt, type TakenAt } from './taken-at.js';

const RPI = 'rpi_cpu_temp,rpi_cpu_usage_avg,rpi_cpu_usage_sum,rpi_ram_usage,rpi_ram_available'.split(',');
const KEYS = ['device_id', 'session_id', 'timestamp'];
const POWER = ['power_input', 'charge_level', 'voltage_in_V'].map((name) => name.toLowerCase());
const HEADER = [...KEYS, ...RPI, ...POWER];
const START = readTakenAt('2026-05-03_13-00-00') as TakenAt;
const row = (names: readonly string[], text: string) => readingOf(names, text.split(','), START);

describe('columnsOfRow', () => {
  it('takes a row that is as long as the header by its columns', () => {
    expect(columnsOfRow(HEADER, HEADER.length)).toEqual(HEADER);
  });

  it('finds out which sensor is missing by the length of the row', () => {
    expect(columnsOfRow(HEADER, 6)).toEqual([...KEYS, ...POWER]);
    expect(columnsOfRow(HEADER, 8)).toEqual([...KEYS, ...RPI]);
  });

  it('knows the columns of a sensor that was away when the header was written', () => {
    expect(columnsOfRow([...KEYS, ...POWER], 11)).toEqual([...KEYS, ...RPI, ...POWER]);
    expect(columnsOfRow(HEADER, HEADER.length + 11)).toHaveLength(HEADER.length + 11);
  });

  it('is certain of nothing but the keys where the length says nothing', () => {
    expect(columnsOfRow(HEADER, 5)).toEqual(KEYS);
  });
});

describe('readingOf', () => {
  it('gives the numbers their names, and makes of a word what the power comes from', () => {
    expect(row([...KEYS, ...POWER], 'pi,1,2026-05-03T13:00:00,5.1,USB_C_IN,4.9')).toEqual({
      at: '2026-05-03T13:00:00.000000',
      powerInput: 5.1,
      powerSource: 'USB_C_IN',
      voltageInV: 4.9,
    });
    expect(row([...KEYS, 'rpi_cpu_temp', 'charge_level'], 'pi,1,2026-05-03T13:00:00,51.5,87')).toMatchObject({
      cpuTemperatureC: 51.5,
      batteryPct: 87,
    });
  });

  it('leaves out what could not be read', () => {
    expect(row([...KEYS, 'rpi_cpu_temp', 'charge_level'], 'pi,1,2026-05-03T13:00:00,NA,NA')).toBeUndefined();
    expect(row([...KEYS, 'rpi_cpu_temp'], 'pi,1,never,51')).toBe('unread');
  });
});
