import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('the command line of the simulator', () => {
  it('needs nothing, and goes on live only where that is asked for', () => {
    expect(readOptions([])).toMatchObject({ traps: 3, days: 14, seed: '1', speed: 0 });
    expect(readOptions([]).live).toBeUndefined();
    expect(readOptions(['--live']).live).toBe(6);
    expect(readOptions(['--live', '30', '--faults']).live).toBe(30);
  });

  it.each([
    ['--traps', '0'],
    ['--days', '1.5'],
    ['--seed', 'a/b'],
    ['--until', 'tomorrow'],
    ['--speed', ''],
    ['--colour', 'red'],
  ])('refuses %s %s', (option, value) => {
    // Commander tells a person, too.
    const write = process.stderr.write;
    process.stderr.write = () => true;
    try {
      expect(() => readOptions([option, value])).toThrow(option);
    } finally {
      process.stderr.write = write;
    }
  });
});
