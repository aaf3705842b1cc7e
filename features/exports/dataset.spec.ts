import { expect, it } from '@jest/globals';
import { datasetOf, uuidOf } from './dataset.js';

it('makes the UUID that others make of the same name', () => {
  // Of RFC 9562, A.4.
  const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
  expect(uuidOf(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

it('names no licence that nobody has chosen, and takes that of the data for the pictures', () => {
  expect(datasetOf()).toMatchObject({ licence: undefined, mediaLicence: undefined });
  expect(datasetOf({ licence: 'CC0-1.0' })).toMatchObject({ licence: 'CC0-1.0', mediaLicence: 'CC0-1.0' });
});
