import { describe, expect, it } from '@jest/globals';
import { namedCrop } from './entry-names.js';

describe('namedCrop', () => {
  it.each([
    ['20231205_21-39-18.508642_1_crop.jpg', '2023-12-05T21:39:18.508642', '1'],
    ['20231205_21-39-18.508642_17_cropped.jpg', '2023-12-05T21:39:18.508642', '17'],
    ['2026-05-03_13-05-12-123456_ID7_crop.jpg', '2026-05-03T13:05:12.123456', '7'],
    ['insdet_2_2026-05-03_13-05-12-123456_ID07_crop.jpg', '2026-05-03T13:05:12.123456', '7'],
  ])('reads time and track of %s', (name, at, track) => {
    expect(namedCrop(name)).toMatchObject({ taken: { at }, track });
  });

  it.each(['2026-05-03_13-05-12-123456.jpg', 'x_crop.jpg', '2026-05-03_13-05-12-123456_overlay.jpg', '.jpg'])(
    'takes %s for no crop',
    (name) => expect(namedCrop(name)).toBeUndefined(),
  );
});
