import { expect, it } from '@jest/globals';
import { distanceM } from './distance.js';

it('measures a degree of latitude, and one of longitude that shrinks towards the poles', () => {
  const degree = 111_195;
  expect(distanceM({ latitude: 0, longitude: 0 }, { latitude: 1, longitude: 0 })).toBeCloseTo(degree, -2);
  expect(distanceM({ latitude: 60, longitude: 0 }, { latitude: 60, longitude: 1 })).toBeCloseTo(
    degree / 2,
    -2,
  );
});

it('goes the short way over the date line, and half around the earth at most', () => {
  expect(distanceM({ latitude: 0, longitude: 179.9 }, { latitude: 0, longitude: -179.9 })).toBeLessThan(
    22_300,
  );
  expect(distanceM({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 })).toBeCloseTo(
    20_015_115,
    -2,
  );
});

it('is nothing from a place to itself', () => {
  const place = { latitude: 47.12345, longitude: 8.54321 };
  expect(distanceM(place, place)).toBe(0);
});
