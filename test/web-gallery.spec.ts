import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { RunInFull } from '../libs/api-types/index.js';
import { accessibilityFaults } from './fixtures/accessibility.js';
import { chromiumOrReason, PHONE, startChromium, Window } from './fixtures/browser.js';
import { eventually } from './fixtures/eventually.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { playSeason } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;

let station: Station;
let browser: Browser;
let window: Window;
suite(`the gallery and the page of a run${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([
      Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' }),
      startChromium(chromium.path as string),
    ]);
    const season = '--traps 2 --days 3 --runs 5 --drawings 3 --until 2026-07-16T18:00:00Z';
    await playSeason(station, season);
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

  const open = async (
    role: 'viewer' | 'editor' | 'admin',
    path: string,
    options: Parameters<typeof Window.open>[2] = {},
  ): Promise<Page> => {
    window = await Window.open(browser, station, options);
    return window.logIn(role, path);
  };
  const cards = (page: Page) => page.locator('main .run');
  const scrolled = async (page: Page) => (await page.evaluate('scrollY')) as number;
  const namesOf = (page: Page) => page.locator('main .run .name').allTextContents();
  const insects = async (query = '') =>
    (await allRuns(station, `&insectsOnly=true${query}`)).map(
      ({ trapId, runId }) => `/runs/${trapId}/${runId}`,
    );
  const firstRun = async (query = '') => (await insects(query))[0] as string;

  it('shows every insect once, newest first, page by page', async () => {
    const page = await open('viewer', '/gallery');
    const expected = await insects();
    expect(expected.length).toBeGreaterThan(60);
    await page.waitForSelector('main .run');
    while ((await cards(page).count()) < expected.length) {
      const before = await cards(page).count();
      await page.mouse.wheel(0, 20_000);
      await eventually(async () => (await cards(page).count()) > before);
    }
    const shown = await cards(page).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(shown).toEqual(expected);
  });

  it('holds its filter in the address, so that a link shows the same to another person', async () => {
    const page = await open('viewer', '/gallery');
    await page.selectOption('search select >> nth=0', 'sim-1-002');
    await page.click('search .chip:has-text("Uncertain")');
    await page.waitForURL(/trap=sim-1-002&unsure=true/);
    const expected = await insects('&trap=sim-1-002&unsure=true');
    await eventually(async () => (await cards(page).count()) === expected.length);
    const address = page.url();
    await window.close();
    const other = await open('editor', address);
    await other.waitForSelector('search .chip[aria-pressed=true]:has-text("Uncertain")');
    await eventually(async () => (await cards(other).count()) === expected.length);
    expect(await other.locator('search .chip[aria-pressed=true]').allTextContents()).toEqual([
      'Insects only',
      'Uncertain',
    ]);
  });

  it('takes days by the clock of the traps, and says so when nothing was there', async () => {
    const page = await open('viewer', '/gallery?from=2026-07-15&to=2026-07-15');
    const expected = await insects('&from=2026-07-14T22:00:00Z&to=2026-07-15T22:00:00Z');
    await eventually(async () => (await cards(page).count()) === expected.length);
    expect(await page.locator('main h2').allTextContents()).toEqual(['Wednesday 15 July']);
    await page.goto('/gallery?from=2020-01-01&to=2020-01-02');
    await page.click('text=Clear filters');
    await page.waitForSelector('main .run');
    expect(new URL(page.url()).search).toBe('');
  });

  it('comes back to the same list and the same place', async () => {
    const page = await open('viewer', '/gallery');
    await page.waitForSelector('main .run >> nth=40');
    await page.locator('main .run >> nth=40').scrollIntoViewIfNeeded();
    const before = await scrolled(page);
    await page.click('main .run >> nth=40');
    await page.waitForSelector('.specimen h1');
    expect(await scrolled(page)).toBe(0);
    await page.goBack();
    await page.waitForSelector('main .run >> nth=40');
    await eventually(async () => Math.abs((await scrolled(page)) - before) < 200);
  });

  it('takes a verdict by keys on a card, shows it at once, and takes it back', async () => {
    const page = await open('editor', '/gallery?unreviewed=true');
    const card = page.locator('main .run').first();
    const link = (await card.getAttribute('href')) as string;
    await card.focus();
    await page.keyboard.press('x');
    await page.waitForSelector('.toast:has-text("No insect")');
    const reviewed = () =>
      station.json<{ reviewed: boolean; observation: { insect: boolean } }>(`/api/v1${link}`);
    await page.waitForSelector('main .run .mark.seen');
    await eventually(async () => {
      const { reviewed: isReviewed, observation } = await reviewed();
      return isReviewed && !observation.insect;
    });
    await page.keyboard.press('z');
    await page.waitForSelector('.toast:has-text("Undone")');
    await eventually(async () => {
      const { reviewed: isReviewed, observation } = await reviewed();
      return !isReviewed && observation.insect;
    });
  });

  it('goes to the visits before and behind one that was opened by a link', async () => {
    const { items } = await station.json<{ items: { links: { self: string } }[] }>('/api/v1/runs?limit=3');
    const [newest, middle, oldest] = items.map(({ links }) => links.self.replace('/api/v1', ''));
    const page = await open('viewer', middle as string);
    await page.waitForSelector('.page-head .end .btn:nth-child(2):not([disabled])');
    await page.keyboard.press('j');
    await page.waitForURL(`**${oldest}`);
    await page.waitForSelector('.page-head .end .btn:nth-child(1):not([disabled])');
    await page.keyboard.press('k');
    await page.waitForURL(`**${middle}`);
    await page.waitForSelector('.page-head .end .btn:nth-child(1):not([disabled])');
    await page.keyboard.press('k');
    await page.waitForURL(`**${newest}`);
  });

  it('moves from card to card with the arrow keys, and goes to pages with g', async () => {
    const page = await open('viewer', '/gallery');
    await page.waitForSelector('main .run >> nth=10');
    const focused = () => page.evaluate("document.activeElement.getAttribute('href')");
    const [first, second] = await cards(page).evaluateAll((all) =>
      all.map((each) => each.getAttribute('href')),
    );
    await cards(page).first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe(second);
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe(first);
    await page.keyboard.press('ArrowDown');
    expect([first, second]).not.toContain(await focused());
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open] kbd');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.keyboard.press('/');
    expect(await page.evaluate("document.activeElement.getAttribute('type')")).toBe('search');
    await page.keyboard.press('Escape');
    await cards(page).first().focus();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.waitForURL((url) => url.pathname === '/');
  });

  describe('the page of a run', () => {
    it('shows what the model said, its pictures, and plays them', async () => {
      const runs = await allRuns(station, '&insectsOnly=true');
      const { trapId, runId } = runs.find(({ storedCrops }) => storedCrops >= 4) as (typeof runs)[number];
      const run = await findRun(station, trapId, runId);
      const page = await open('viewer', `/runs/${trapId}/${runId}`);
      await page.waitForSelector('.specimen h1');
      expect(await page.locator('.label').count()).toBeGreaterThan(0);
      await page.waitForSelector('.says :text("Also similar")');
      expect(await page.locator('.film li').count()).toBe(run.crops.length);
      await page.click('.film li >> nth=0');
      expect(await page.locator('.stage figcaption').textContent()).toContain(`1 of ${run.crops.length}`);
      await page.keyboard.press(' ');
      await page.waitForSelector(`.stage figcaption:has-text("${run.crops.length} of ${run.crops.length}")`);
      const isShown = await page.evaluate(
        "document.querySelector('.stage img').decode().then(() => document.querySelector('.stage img').naturalWidth > 0)",
      );
      expect(isShown).toBe(true);
      // A viewer may look, and not judge.
      expect(await page.locator('.verdict').count()).toBe(0);
    });

    it('lists what the model decided from: the name above it comes first, with the same figure', async () => {
      // A visit of two insects, as many pictures of one as of the other; on an earlier day, so that others stay the newest.
      const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
      for (const [at, label] of ['drawn_bee', 'drawn_ladybird', 'drawn_bee', 'drawn_ladybird'].entries()) {
        const path = (await insects(`&unsure=false&label=${label}`))[at >> 1] as string;
        const { crops } = await station.json<RunInFull>(`/api/v1${path}`);
        const answer = await station.get(crops[0]?.links.image as string);
        await trap.crop('two-insects', `000${at + 1}`, Buffer.from(await answer.arrayBuffer()));
      }
      await trap.publish('runs/two-insects/end', {
        v: 1,
        status: 'complete',
        end: '2026-07-14T10:00:00Z',
        crops: 4,
      });
      await trap.close();
      const path = '/runs/trap-1/two-insects';
      const run = () => station.json<RunInFull>(`/api/v1${path}`);
      await eventually(async () => (await run()).modelObservation?.crops === 4);
      const { ranking, modelObservation } = await run();
      expect(modelObservation).toMatchObject({ unsure: true });
      const { label, probability } = modelObservation as NonNullable<typeof modelObservation>;
      expect(ranking.length).toBeGreaterThan(1);
      expect(ranking[0]).toMatchObject({ label, probability });
      const page = await open('viewer', path);
      await page.waitForSelector('.label.top');
      const name = await page.locator('.specimen h1').textContent();
      expect(await page.locator('.label.top .name b').textContent()).toBe(name);
      const figure = (await page.locator('.label.top .p').textContent()) as string;
      expect(await page.locator('.title .marks').textContent()).toContain(figure);
    });

    it('agrees, and takes it back', async () => {
      const link = await firstRun('&unsure=false');
      const page = await open('editor', link);
      await page.click('.verdict .main');
      await page.waitForSelector('.said');
      await page.waitForSelector('.log li:has-text("a-editor agreed")');
      expect(await station.json(`/api/v1${link}`)).toMatchObject({ reviewed: true });
      await page.click('.said .btn:has-text("Undo")');
      await page.waitForSelector('.verdict .main');
      await page.waitForSelector('.log li:has-text("took a review back")');
      expect(await station.json(`/api/v1${link}`)).toMatchObject({ reviewed: false });
    });

    it('copies a link that shows the picture to somebody without an account', async () => {
      const page = await open('editor', await firstRun('&unsure=false'));
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      const name = await page.locator('h1').textContent();
      await page.click('button:has-text("Copy link")');
      await page.waitForSelector('.toast:has-text("link")');
      const link = (await page.evaluate('navigator.clipboard.readText()')) as string;
      expect(link).toMatch(new RegExp(`^${station.http}/shared/[\\w-]+$`));
      await window.close();
      window = await Window.open(browser, station);
      await window.page.goto(link);
      await window.page.waitForSelector('main.shared h1');
      expect(await window.page.locator('h1').textContent()).toBe(name);
      const isShown = await window.page.evaluate(
        "document.querySelector('main.shared img').decode().then(() => document.querySelector('main.shared img').naturalWidth > 0)",
      );
      expect(isShown).toBe(true);
      expect(await accessibilityFaults(window.page)).toEqual([]);
    });

    it('takes another name, found by its German one while the page is in English', async () => {
      const link = (await insects('&unsure=false&label=drawn_wasp'))[0] as string;
      const page = await open('editor', link);
      await page.click('text=Other name');
      await page.keyboard.type('schwebfl');
      await page.waitForSelector('[role=option]:has-text("Hoverfly (drawn)")');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.said:has-text("Reviewed: Hoverfly (drawn)")');
      await page.waitForSelector('.log li:has-text("a-editor: Hoverfly (drawn)")');
      expect(await station.json(`/api/v1${link}`)).toMatchObject({
        reviewed: true,
        observation: { label: 'drawn_hoverfly' },
        modelObservation: { label: 'drawn_wasp' },
      });
    });

    it('keeps a verdict while the station is away, and sends it when it is back', async () => {
      const link = (await insects('&unsure=false'))[2] as string;
      const page = await open('editor', link);
      await page.waitForSelector('.verdict');
      await page.route('**/review', (route) => route.abort());
      await page.click('.verdict .main');
      await page.waitForSelector('.said');
      await page.waitForTimeout(500);
      expect(await station.json(`/api/v1${link}`)).toMatchObject({ reviewed: false });
      await page.unroute('**/review');
      await page.waitForSelector('.log li:has-text("a-editor agreed")', { timeout: 15_000 });
      expect(await station.json(`/api/v1${link}`)).toMatchObject({ reviewed: true });
    });

    it('gives its pictures as a ZIP, and one with its caption as a PNG', async () => {
      const link = await firstRun();
      const page = await open('viewer', link);
      for (const [button, ending] of [
        ['Pictures (ZIP)', '.zip'],
        ['Picture with caption', '.png'],
      ]) {
        const download = page.waitForEvent('download');
        await page.click(`text=${button}`);
        expect((await download).suggestedFilename()).toMatch(new RegExp(`\\${ending}$`));
      }
    });
  });

  describe.each([
    ['light, English, wide', { colorScheme: 'light' }],
    ['dark, German, wide', { colorScheme: 'dark', locale: 'de-DE' }],
    ['dark, English, phone', { colorScheme: 'dark', ...PHONE }],
    ['light, German, phone', { colorScheme: 'light', locale: 'de-DE', ...PHONE }],
  ] as const)('in %s', (_name, options) => {
    it('has no fault that axe finds, and nothing that is wider than the window', async () => {
      const link = await firstRun();
      const page = await open('editor', '/gallery', options);
      for (const path of ['/gallery', '/gallery?min=50&trap=sim-1-001', link]) {
        await page.goto(path);
        await page.waitForSelector('main .run');
        expect([path, await accessibilityFaults(page)]).toEqual([path, []]);
        expect([path, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([
          path,
          0,
        ]);
      }
      const isGerman = 'locale' in options;
      expect(await page.locator('html').getAttribute('lang')).toBe(isGerman ? 'de' : 'en');
      expect((await namesOf(page)).join()).toMatch(isGerman ? /gezeichnet/ : /drawn/);
    });
  });
});
