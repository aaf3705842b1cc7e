import { describe, expect, it } from '@jest/globals';
import { linkTo, PAGES, pageOf, SETTINGS } from './pages.js';

const page = (name: string) => PAGES.find((each) => each.name === name) as (typeof PAGES)[number];

describe('the way from page to page', () => {
  it('keeps trap and day of the first page, as the period that other pages have', () => {
    expect(linkTo(page('gallery'), { day: '2026-07-16', trap: 'meadow-1' }, '/')).toBe(
      '/gallery?trap=meadow-1&from=2026-07-16&to=2026-07-16',
    );
    expect(linkTo(page('today'), { from: '2026-07-16', to: '2026-07-16', unsure: 'true' }, '/gallery')).toBe(
      '/?day=2026-07-16',
    );
  });

  it('does not make a day of a period', () => {
    expect(
      linkTo(page('today'), { from: '2026-07-10', to: '2026-07-16', trap: 'meadow-1' }, '/gallery'),
    ).toBe('/?trap=meadow-1');
  });

  it.each([
    ['season', '/gallery'],
    ['activity', '/'],
    ['gallery', '/season'],
    ['downloads', '/season'],
    ['gallery', '/activity'],
  ])('leaves a period behind on the way to %s from %s: there it would not be noticed', (name, here) => {
    const query = {
      trap: 'meadow-1',
      group: 'bees',
      day: '2026-07-16',
      from: '2026-07-16',
      to: '2026-07-16',
    };
    expect(linkTo(page(name), query, here)).toBe(`/${name}?trap=meadow-1&group=bees`);
  });

  it('takes nothing to pages without a period', () => {
    expect(linkTo(page('traps'), { trap: 'meadow-1' }, '/')).toBe('/traps');
  });
});

describe('the page of the sidebar', () => {
  it.each([
    ['/', 'today'],
    ['/gallery', 'gallery'],
    ['/runs/meadow-1/run-1', 'gallery'],
    ['/add-trap', 'traps'],
    ['/settings/models', SETTINGS.name],
    ['/nowhere', undefined],
  ])('to which %s belongs is %p', (path, name) => {
    expect(pageOf(path)?.name).toBe(name);
  });

  it('is Review for what needs a person', () => {
    expect(pageOf('/gallery', { attention: 'true' })?.name).toBe('review');
  });
});
