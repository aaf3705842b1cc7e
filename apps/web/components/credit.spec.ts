import { expect, it } from '@jest/globals';
import { creditOf } from './credit.js';

it.each([
  [{ holder: 'Meadow Group', licence: 'CC-BY-4.0' }, 'Meadow Group / meadow-1 / Trapline, CC-BY-4.0'],
  [{ holder: null, licence: null }, 'meadow-1 / Trapline'],
  [{ holder: 'Meadow Group', licence: undefined }, 'Meadow Group / meadow-1 / Trapline'],
])('the credit of a picture of %j is "%s"', (rights, credit) => {
  expect(creditOf('meadow-1', rights)).toBe(credit);
});

it('leaves out a trap that must not be told', () => {
  expect(creditOf(undefined, { holder: 'Meadow Group', licence: 'CC0-1.0' })).toBe(
    'Meadow Group / Trapline, CC0-1.0',
  );
});
