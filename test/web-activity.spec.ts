import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import type { ActivityHour, Episode } from '../libs/api-types/index.js';
import { chromiumOrReason, startChromium, Window } from './fixtures/browser.js';
import { eventually } from './fixtures/eventually.js';
import { expectGoodLooks, LOOKS } from './fixtures/looks.js';
import { playSeason } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;
const LIMIT_MS = 240_000;

let station: Station;
let browser: Browser;
let window: Window;
let episodes: readonly Episode[];
suite(`the page of the activity${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([
      Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' }),
      startChromium(chromium.path as string),
    ]);
    await playSeason(station, '--traps 1 --days 25 --runs 3 --drawings 2 --spike');
    // What is unusual is looked for at every start, and every five minutes.
    await station.stop();
    await station.start();
    await eventually(async () => {
      episodes = (await station.json<{ items: Episode[] }>('/api/v1/activity/episodes')).items;
      return episodes.some(({ state }) => state !== 'withdrawn');
    }, LIMIT_MS);
  }, LIMIT_MS * 2);
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
    await page.waitForSelector('.chart svg');
    return page;
  };
  const save = async (page: Page, kind: string): Promise<Buffer> => {
    const arriving = page.waitForEvent('download');
    await page.click(`.exports button:has-text("${kind}")`);
    return readFileSync(await (await arriving).path());
  };

  it('shows each hour against what is usual, and names those above the bound', async () => {
    const group = episodes[0]?.group as string;
    const page = await open(`/activity?group=${group}`);
    const svg = page.locator('.chart svg[role=img]');
    await eventually(async () => /Above the bound: /.test((await svg.getAttribute('aria-label')) ?? ''));
    expect(await svg.locator('.s-hi').count()).toBeGreaterThan(0);
    // Nights are not recorded: hatched, and no 0.
    expect(await svg.locator('rect[fill^="url(#"]').count()).toBeGreaterThan(3);
    const title = await page.locator('.section-head h2').first().textContent();
    expect(title).toContain('Simulated trap 1');
  });

  it('opens the very episode that a link asks about, at its trap, group and day', async () => {
    const { id, trapId, group, start } = episodes.at(-1) as Episode;
    const page = await open(`/activity?episode=${encodeURIComponent(id)}`);
    await page.waitForSelector(`[id="episode-${id}"] details[open] .why`);
    expect(await page.locator('.choices select').nth(0).inputValue()).toBe(trapId);
    expect(await page.locator('.choices select').nth(1).inputValue()).toBe(group);
    const days = (await page.locator('.chart svg[role=img]').getAttribute('aria-label')) ?? '';
    expect(days).toContain(
      new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'Europe/Berlin' })
        .format(new Date(start))
        .split(' ')[1] as string,
    );
  });

  it('reads the figures of an hour by the keyboard', async () => {
    const page = await open('/activity');
    await eventually(async () => (await page.locator('.chart .s-obs').getAttribute('d')) !== '');
    await page.focus('[role=slider]');
    // The newest hour may be one that is still learned, late in the evening for instance.
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('ArrowLeft');
      if (/expected, up to/.test((await page.locator('.reading').textContent()) ?? '')) break;
    }
    const read = await page.locator('.reading').textContent();
    expect(read).toMatch(/^\w{3},? \d+ \w{3}.*: \d+ counted, .* expected, up to \d+ is usual, in /);
    expect(await page.getAttribute('[role=slider]', 'aria-valuetext')).toBe(read);
  });

  it('saves the chart as CSV, SVG and PNG', async () => {
    const page = await open('/activity?group=all');
    await eventually(async () => (await page.locator('.chart .s-obs').getAttribute('d')) !== '');
    const [header, ...rows] = (await save(page, 'CSV'))
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n');
    expect(header).toBe('start,localHour,state,count,recordedMinutes,expected,upper,unusual');
    const first = rows[0]?.split(',')[0] as string;
    const hours = await station.json<{ items: ActivityHour[] }>(
      `/api/v1/activity?group=all&state=judged&limit=500&from=${first}`,
    );
    const judged = rows.filter((row) => row.split(',')[2] === 'judged');
    expect(judged.length).toBe(hours.items.length);
    expect(judged.map((row) => Number(row.split(',')[3])).reduce((a, b) => a + b, 0)).toBe(
      hours.items.reduce((sum, { count }) => sum + count, 0),
    );
    for (const row of rows.filter((each) => each.split(',')[2] === 'missing'))
      expect(row.split(',')[3]).toBe('');
    const svg = (await save(page, 'SVG')).toString('utf8');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    // It stands for itself: with its title, and with colours that need no style sheet.
    expect(svg).toContain('All insects at Simulated trap 1');
    expect(svg).not.toContain('class=');
    expect(svg).toContain('fill="rgb(47, 109, 138)"');
    const picture = sharp(await save(page, 'PNG'));
    expect(await picture.metadata()).toMatchObject({ format: 'png', width: 2400 });
    const { channels } = await picture.stats();
    expect(channels[0]?.stdev).toBeGreaterThan(5);
  });

  it('tells of an episode in a sentence, and why it was unusual', async () => {
    const page = await open('/activity');
    const { id, evidence } = episodes[0] as Episode;
    const card = page.locator(`[id="episode-${id}"]`);
    await card.waitFor();
    expect(await card.locator('.sentence').textContent()).toMatch(/^Unusually many .* visits/);
    await card.locator('summary').click();
    const why = await card.locator('.why').textContent();
    expect(why).toContain(`counted ${evidence[0]?.count}`);
    expect(why).toMatch(/By chance, so many come less than once in [\d,]+ such hours\./);
  });

  it('asks editors whether an episode was right, and shows what others say', async () => {
    const { id } = episodes[0] as Episode;
    const answers = async () =>
      (await station.json<{ items: Episode[] }>('/api/v1/activity/episodes')).items
        .find((episode) => episode.id === id)
        ?.answers.map(({ answer }) => answer);
    window = await Window.open(browser, station);
    const page = await window.logIn('editor', '/activity');
    const card = page.locator(`[id="episode-${id}"]`);
    const button = (name: string) => card.getByRole('button', { name, exact: true });
    await button('Yes').click();
    await card.locator('[aria-pressed=true]:has-text("Yes")').waitFor();
    expect(await answers()).toEqual(['yes']);
    await button('No').click();
    await card.locator('[aria-pressed=true]:has-text("No")').waitFor();
    expect(await answers()).toEqual(['no']);
    // Undone: the answer before.
    await page.click('.toast .btn');
    await card.locator('[aria-pressed=true]:has-text("Yes")').waitFor();
    await window.close();
    const viewer = await open('/activity');
    await viewer.waitForSelector(`[id="episode-${id}"] .was-right:has-text("Answered:")`);
    expect(await viewer.locator('.was-right button').count()).toBe(0);
    // Told while the page is open.
    await station.get(`/api/v1/activity/episodes/${id}/answer`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ answer: 'other' }),
    });
    await viewer.waitForSelector('.was-right:has-text("Something else")');
  });

  it('shows what each series has had today, and leads to its chart', async () => {
    const page = await open('/activity');
    await page.waitForSelector('section[aria-labelledby=series] .card');
    const links = page.locator('section[aria-labelledby=series] td a');
    if (!(await links.count())) return;
    await links.first().click();
    await page.waitForURL(/trap=sim-1-001/);
  });

  it('keeps trap, group and period in the address', async () => {
    const page = await open('/activity');
    await page.selectOption('[aria-label="Period"]', '20');
    await page.waitForURL(/days=20/);
    await page.selectOption('[aria-label="Group"]', { index: 1 });
    await page.waitForURL(/group=\w+/);
    await page.reload();
    await page.waitForSelector('.chart svg');
    expect(await page.inputValue('[aria-label="Period"]')).toBe('20');
  });

  describe.each(LOOKS)('in %s', (_name, options) => {
    it('has no fault that axe finds, and nothing that is wider than the window', async () => {
      const page = await open('/activity', options);
      await page.waitForSelector('.episode-card');
      await expectGoodLooks(page, '/activity', 'locale' in options ? options.locale : 'en');
      if ('locale' in options)
        expect(await page.locator('.episode-card .sentence').first().textContent()).toMatch(
          /^Ungewöhnlich viele/,
        );
    });
  });
});
