import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Counts } from '../libs/api-types/index.js';
import { chromiumOrReason, startChromium, Window } from './fixtures/browser.js';
import { expectGoodLooks, LOOKS } from './fixtures/looks.js';
import { playSeason } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;
const PERIOD = 'from=2026-07-06&to=2026-07-19';
const ASKED = 'from=2026-07-05T22:00:00Z&to=2026-07-19T22:00:00Z';

let station: Station;
let browser: Browser;
let window: Window;
suite(`the page of the season${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([
      Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' }),
      startChromium(chromium.path as string),
    ]);
    for (const season of [
      '--traps 2 --days 10 --runs 3 --drawings 2 --until 2026-07-16T18:00:00Z',
      '--traps 1 --days 6 --runs 2 --drawings 2 --seed 2 --until 2025-07-14T18:00:00Z',
    ]) {
      await playSeason(station, season);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await station?.remove();
  });
  afterEach(async () => {
    const faults = window?.faults ?? [];
    await window?.close();
    expect(faults).toEqual([]);
  });

  const open = async (path: string, options: Parameters<typeof Window.open>[2] = {}): Promise<Page> => {
    window = await Window.open(browser, station, options);
    const page = await window.logIn('viewer', path);
    await page.waitForSelector('.chart svg >> nth=2');
    return page;
  };
  const counts = (by: string, more = '') =>
    station.json<Counts>(`/api/v1/stats/counts?by=${by}&${ASKED}${more}`);
  const save = async (page: Page, title: string, kind: string) => {
    const arriving = page.waitForEvent('download');
    await page.click(`section:has(h2:text-is("${title}")) .exports button:has-text("${kind}")`);
    const download = await arriving;
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const rows = async (page: Page, title: string): Promise<string[][]> => {
    const { bytes } = await save(page, title, 'CSV');
    const [, ...lines] = bytes.toString('utf8').trim().split('\r\n');
    return lines.map((line) => line.split(','));
  };
  const sum = (values: readonly (string | undefined)[]) =>
    values.reduce((all, each) => all + Number(each), 0);

  it('counts as the service does, with the effort beside it', async () => {
    const page = await open(`/season?${PERIOD}`);
    const { totals } = await counts('day');
    const values = await page.locator('.tile .value').allTextContents();
    expect(values[0]).toBe(totals.visits.toLocaleString('en-GB'));
    expect(values[1]).toBe(totals.visitsPerHour?.toFixed(1).replace(/\.0$/, ''));
    expect(await page.locator('.tile .hint').first().textContent()).toContain(
      `${Math.round((totals.effortMinutes as number) / 60)} recorded hours`,
    );
    expect(await page.locator('.tile .hint').nth(1).textContent()).toMatch(/^2025: [\d.]+ \(± [\d.]+\)$/);
  });

  it('shows visits per week and per day, and hatches what was not recorded', async () => {
    const page = await open(`/season?${PERIOD}`);
    const { totals } = await counts('day');
    const weeks = await rows(page, 'Visits per week');
    expect(weeks.map(([start]) => start)).toEqual(['2026-07-06', '2026-07-13']);
    expect(sum(weeks.map((row) => row[1]))).toBe(totals.visits);
    await page.click('.seg button:has-text("Days")');
    await page.waitForSelector('h2:text-is("Visits per day")');
    const days = await rows(page, 'Visits per day');
    expect(days.length).toBe(14);
    expect(sum(days.map((row) => row[1]))).toBe(totals.visits);
    // 17 to 19 July were not recorded: that is no 0.
    expect(days.slice(-2).map((row) => row.slice(0, 4))).toEqual([
      ['2026-07-18', '', '', ''],
      ['2026-07-19', '', '', ''],
    ]);
    const chart = page.locator('section:has(h2:text-is("Visits per day")) .chart svg');
    expect(await chart.locator('rect[fill^="url(#"]').count()).toBeGreaterThanOrEqual(3);
  });

  it('shows who comes when, per recorded hour', async () => {
    const page = await open(`/season?${PERIOD}`);
    const table = await rows(page, 'Who comes when');
    const { items } = await counts('label,hour');
    const effort = await counts('hour');
    for (const { label, hour, visits } of items.filter((item) => item.hour !== null).slice(0, 20)) {
      const row = table.find((each) => each[0] === label && each[2] === String(hour));
      const minutes = effort.items.find((each) => each.hour === hour)?.effortMinutes as number;
      expect([row?.[3], row?.[4]]).toEqual([String(visits), String(minutes)]);
      expect(Number(row?.[5])).toBeCloseTo((visits / minutes) * 60, 10);
    }
    expect(table.filter((row) => row[2] === '3').every((row) => row[5] === '')).toBe(true);
  });

  it('compares two periods, each per recorded hour', async () => {
    const page = await open(`/season?${PERIOD}`);
    const table = await rows(page, 'This year and last');
    const now = await counts('label');
    const before = await station.json<Counts>(
      '/api/v1/stats/counts?by=label&from=2025-07-05T22:00:00Z&to=2025-07-19T22:00:00Z',
    );
    const [label = '', , visits, rate, was, rateBefore, ratio] = table[0] ?? [];
    expect(Number(visits)).toBe(now.items.find((item) => item.label === label)?.visits);
    expect(Number(was)).toBe(before.items.find((item) => item.label === label)?.visits);
    expect(Number(rate)).toBeCloseTo((Number(visits) / (now.totals.effortMinutes as number)) * 60, 10);
    expect(Number(ratio)).toBeCloseTo(Number(rate) / Number(rateBefore), 10);
    await page.selectOption('[aria-label="Compared with"]', 'before');
    await page.waitForSelector('text=Nothing to compare with');
  });

  it.each(['Visits per week', 'Who comes when', 'This year and last'])(
    'saves “%s” as SVG and PNG',
    async (title) => {
      const page = await open(`/season?${PERIOD}`, { colorScheme: 'dark' });
      const svg = await save(page, title, 'SVG');
      expect(svg.name).toMatch(/2026-07-06_2026-07-19\.svg$/);
      const text = svg.bytes.toString('utf8');
      expect(text).toContain(title);
      // On paper it is light, whatever the page is.
      expect(text).toContain('fill="rgb(255, 255, 255)"');
      const png = await save(page, title, 'PNG');
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
    },
  );

  it('says that nothing was recorded, instead of 0', async () => {
    window = await Window.open(browser, station);
    const page = await window.logIn('viewer', '/season?from=2020-01-01&to=2020-02-01');
    await page.waitForSelector('text=Nothing was recorded in this time.');
    await page.fill('[aria-label="From"]', '2020-03-01');
    await page.locator('[aria-label="From"]').blur();
    await page.waitForSelector('[role=alert]:has-text("The end lies before the beginning.")');
  });

  describe.each(LOOKS)('in %s', (_name, options) => {
    it('has no fault that axe finds, and nothing that is wider than the window', async () => {
      const page = await open(`/season?${PERIOD}`, options);
      await expectGoodLooks(page, '/season', 'locale' in options ? options.locale : 'en');
    });
  });
});
