import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityFaults } from './fixtures/accessibility.js';
import { chromiumOrReason, PHONE, startChromium, Window } from './fixtures/browser.js';
import { eventually } from './fixtures/eventually.js';
import { playSeason, simulate } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;
const HOUR_MS = 3_600_000;
/** A season of three weeks that ends yesterday evening, so that today has a past to be held against. */
const SEASON = '--traps 2 --days 21 --runs 2 --drawings 3 --spike';

let station: Station;
let browser: Browser;
let window: Window;
suite(`the first page${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([
      Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' }),
      startChromium(chromium.path as string),
    ]);
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

  it('says how to connect a trap while nothing has arrived, and shows the first insect without a reload', async () => {
    window = await Window.open(browser, station);
    const page = await window.logIn('admin');
    await page.waitForSelector('h1:has-text("Welcome")');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.locator('.code').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('npm run demo'), expect.stringContaining('trap add')]),
    );
    const { status, output } = await simulate(
      station,
      `--traps 1 --days 1 --runs 1 --drawings 1 --seed one --until ${new Date().toISOString()}`,
    );
    expect([status, output]).toEqual([0, expect.anything()]);
    await page.waitForSelector('.today .run', { timeout: 30_000 });
    expect(await page.locator('.figure').first().textContent()).toMatch(/learning, \d+ of 12 days/);
  });

  it('shows the day against what is usual, or how much it has still to learn', async () => {
    await playSeason(station, SEASON);
    window = await Window.open(browser, station);
    const page = await window.logIn('editor');
    await page.waitForSelector('.today .figure .value');
    expect(await page.locator('.figure').allTextContents()).toEqual([
      expect.stringMatching(/visits?(usual by \d\d:\d\d: \d+–\d+|learning, \d+ of 12 days)/),
      expect.stringMatching(/kinds? of insects?(usual by \d\d:\d\d: \d+–\d+|learning, \d+ of 12 days)/),
    ]);
    const { visits } = await station.json<{ visits: { count: number } }>('/api/v1/today');
    expect(await page.locator('.figure .value').first().textContent()).toBe(String(visits.count));
    expect(await page.locator('.plot svg').getAttribute('aria-label')).toMatch(/Visits per hour: \d+ in all/);
    await page.click('[aria-label="The day before"]');
    await page.waitForURL(/day=\d{4}-\d\d-\d\d/);
    await page.waitForSelector('.today .kinds li');
    expect(await page.locator('[aria-label="The day after"]').isEnabled()).toBe(true);
  });

  it('leads to what needs a person, and keeps trap and day on the way to the gallery', async () => {
    window = await Window.open(browser, station);
    const page = await window.logIn('editor');
    await page.waitForSelector('.today');
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/gallery\?.*attention=true/);
    await page.goto('/');
    await page.selectOption('.page-head select', 'sim-1-001');
    await page.waitForURL(/trap=sim-1-001/);
    await page.click('[aria-label="The day before"]');
    await page.waitForURL(/day=/);
    const day = new URL(page.url()).searchParams.get('day');
    await page.click('nav.side a:has-text("Gallery")');
    await page.waitForURL(/gallery/);
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('trap'), searchParams.get('from'), searchParams.get('to')]).toEqual([
      'sim-1-001',
      day,
      day,
    ]);
  });

  it('counts at Review what waits, on every page, and follows a verdict', async () => {
    // As many pictures of one insect as of another: the model cannot be sure.
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    for (const [at, insect] of ['bee', 'ladybird', 'bee', 'ladybird'].entries())
      await trap.crop(
        'two-insects',
        `000${at + 1}`,
        await readFile(`models/demo/golden-drawn_${insect}.jpg`),
      );
    await trap.publish('runs/two-insects/end', {
      v: 1,
      status: 'complete',
      end: new Date().toISOString(),
      crops: 4,
    });
    await trap.close();
    const path = '/api/v1/runs/trap-1/two-insects';
    await eventually(
      async () => (await station.json<{ observation?: { unsure: boolean } }>(path)).observation?.unsure,
    );
    const { call } = await station.json<{ call: { questions: number } }>('/api/v1/today');
    window = await Window.open(browser, station);
    const page = await window.logIn('editor', '/traps');
    const waiting = page.locator('nav.side .count [aria-hidden]');
    await waiting.waitFor();
    expect(Number(await waiting.textContent())).toBe(call.questions);
    const { ok } = await station.get(`${path}/review`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ verdict: 'not-insect' }),
    });
    expect(ok).toBe(true);
    await eventually(async () => {
      const shown = (await waiting.count()) ? Number(await waiting.textContent()) : 0;
      return shown < call.questions;
    });
  });

  it('asks only those for a verdict who may give one', async () => {
    window = await Window.open(browser, station, PHONE);
    const page = await window.logIn('viewer');
    await page.waitForSelector('.today .run');
    expect(await page.locator('.call').count()).toBe(0);
    expect(await page.locator('nav a[href="/review"]').count()).toBe(0);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.click('[aria-label="The day before"]');
    await page.waitForURL(/day=/);
    await page.click('[aria-label="The day after"]');
    await page.waitForFunction('!location.search.includes("day=") && location.pathname === "/"');
  });

  it('shows a visit that comes while somebody looks, with a dot', async () => {
    window = await Window.open(browser, station);
    const page = await window.logIn('viewer');
    await page.waitForSelector('.today');
    const before = Number(await page.locator('.figure .value').first().textContent());
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    const [picture] = await pictures();
    const start = new Date(Date.now() - HOUR_MS / 60).toISOString();
    await trap.publish('runs/live-1/meta', { v: 1, start });
    await trap.publish('runs/live-1/crops/0001', picture as Buffer);
    await trap.publish('runs/live-1/end', {
      v: 1,
      status: 'complete',
      end: new Date().toISOString(),
      crops: 1,
    });
    await page.waitForSelector('.run.fresh[href="/runs/trap-1/live-1"]', { timeout: 30_000 });
    await eventually(async () => Number(await page.locator('.figure .value').first().textContent()) > before);
    await trap.close();
  });

  it.each([
    ['light, English, wide', { colorScheme: 'light' }],
    ['dark, German, wide', { colorScheme: 'dark', locale: 'de-DE' }],
    ['light, German, phone', { colorScheme: 'light', locale: 'de-DE', ...PHONE }],
    ['dark, English, phone', { colorScheme: 'dark', ...PHONE }],
  ] as const)(
    'has no fault that axe finds in %s, and is not wider than the window',
    async (_name, options) => {
      window = await Window.open(browser, station, options);
      const page = await window.logIn('editor');
      await page.waitForSelector('.today .run');
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    },
  );
});

/** Pictures of drawn insects, which the demo model knows. */
async function pictures(): Promise<Buffer[]> {
  const { items } = await station.json<{ items: { links: { image: string } }[] }>(
    '/api/v1/runs?insectsOnly=true&limit=3',
  );
  return Promise.all(
    items.map(async ({ links }) => Buffer.from(await (await station.get(links.image)).arrayBuffer())),
  );
}
