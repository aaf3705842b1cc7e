import { describe, expect, it } from '@jest/globals';
import { apiFilter, galleryLink, isFiltered } from './filter.js';

const asked = (query: Record<string, string>, zone = 'Europe/Berlin') =>
  Object.fromEntries(Object.entries(apiFilter(query, zone)).filter(([, value]) => value !== undefined));

describe('the filter of the gallery', () => {
  it('shows insects unless everything is wanted', () => {
    expect(asked({})).toEqual({ insectsOnly: 'true' });
    expect(asked({ all: 'true' })).toEqual({});
  });

  it('takes days by the clock of the zone, the last one included', () => {
    expect(asked({ from: '2026-07-10', to: '2026-07-16' })).toMatchObject({
      from: '2026-07-09T22:00:00.000Z',
      to: '2026-07-16T22:00:00.000Z',
    });
  });

  it('counts 25 hours on the day on which clocks go back', () => {
    const { from, to } = asked({ from: '2026-10-25', to: '2026-10-25' }) as { from: string; to: string };
    expect((Date.parse(to) - Date.parse(from)) / 3_600_000).toBe(25);
  });

  it.each(['yesterday', '2026-7-1', ''])('takes no day from %p', (from) => {
    expect(asked({ from })).toEqual({ insectsOnly: 'true' });
  });

  it.each([
    ['0', undefined],
    ['85', '0.85'],
    ['101', undefined],
    ['much', undefined],
  ])('takes a share from %p percent', (min, share) => {
    expect(asked({ min })['minProbability']).toBe(share);
  });

  it('keeps the rest of the address when one filter changes, and leaves out what is taken away', () => {
    const query = { trap: 'meadow-1', unsure: 'true', search: 'x' };
    expect(galleryLink(query, { unsure: undefined, from: '2026-07-10' })).toBe(
      '/gallery?trap=meadow-1&from=2026-07-10',
    );
    expect(galleryLink({})).toBe('/gallery');
  });

  it('knows when there is something to clear', () => {
    expect([isFiltered({}), isFiltered({ all: 'true' }), isFiltered({ label: 'ant' })]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
