import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromiumOrReason, startChromium, Window } from './fixtures/browser.js';
import { expectGoodLooks, LOOKS } from './fixtures/looks.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { playSeason } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';
import { unzip } from './fixtures/unzip.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;

let station: Station;
let browser: Browser;
let window: Window;
suite(`the page of the downloads${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([
      Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' }),
      startChromium(chromium.path as string),
    ]);
    const season = '--traps 2 --days 3 --runs 2 --drawings 2 --until 2026-07-16T18:00:00Z';
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

  /** Clicks a format. @returns the name and the bytes of the file that arrives */
  async function take(page: Page, selector: string) {
    const arriving = page.waitForEvent('download');
    await page.click(selector);
    const download = await arriving;
    const path = await download.path();
    return { name: download.suggestedFilename(), bytes: readFileSync(path) };
  }
  const inside = (title: string, button: string) =>
    `.format:has(h3:text-is("${title}")) .btn:has-text("${button}")`;
  const served = async (path: string) =>
    Buffer.from(await (await station.get(`/api/v1/downloads/${path}`)).arrayBuffer());

  it('gives tables that are byte for byte those of the service', async () => {
    const page = await open('editor', '/downloads?trap=sim-1-001');
    const filter = 'trap=sim-1-001&insectsOnly=true';
    for (const [title, button, path, name] of [
      ['Table', 'CSV', `runs.csv?${filter}`, /^trapline-runs.*\.csv$/],
      ['Table', 'CSV for Excel', `runs.csv?${filter}&excel=true`, /^trapline-runs.*\.csv$/],
      ['Table', 'JSON lines', `runs.ndjson?${filter}`, /^trapline-runs.*\.ndjson$/],
      ['insect-detect', 'CSV per picture', `crops.csv?${filter}`, /^trapline-crops.*\.csv$/],
      ['Reviews', 'CSV', `reviews.csv?${filter}`, /^trapline-reviews.*\.csv$/],
    ] as const) {
      const { name: called, bytes } = await take(page, inside(title, button));
      expect(called).toMatch(name);
      expect([button, bytes.equals(await served(path))]).toEqual([button, true]);
    }
  });

  it('gives the pictures as the traps have sent them', async () => {
    const page = await open('editor', '/downloads?trap=sim-1-002');
    const { name, bytes } = await take(page, inside('Pictures', 'ZIP'));
    expect(name).toMatch(/\.zip$/);
    const files = unzip(bytes);
    const [listed] = await allRuns(station, '&trap=sim-1-002&insectsOnly=true');
    const { trapId, runId, crops } = await findRun(
      station,
      listed?.trapId as string,
      listed?.runId as string,
    );
    for (const { cropId } of crops) {
      const stored = await station.get(`/api/v1/runs/${trapId}/${runId}/crops/${cropId}`);
      const found = [...files].find(([path]) => path.endsWith(`/${trapId}/${runId}/${cropId}.jpg`));
      expect(found?.[1].equals(Buffer.from(await stored.arrayBuffer()))).toBe(true);
    }
  });

  it('gives the archives for research, and keeps in mind what was taken', async () => {
    const page = await open('editor', '/downloads');
    await page.waitForSelector('text=Nothing yet.');
    const camtrap = await take(page, inside('Camtrap DP', 'Camtrap DP'));
    expect([...unzip(camtrap.bytes).keys()]).toContain('datapackage.json');
    const darwin = await take(page, inside('Darwin Core', 'Archive'));
    expect([...unzip(darwin.bytes).keys()]).toContain('meta.xml');
    await page.reload();
    await page.waitForSelector('.job:has-text("Darwin Core, Archive")');
    const again = await take(page, '.job:has-text("Camtrap DP") a:has-text("Again")');
    expect([...unzip(again.bytes).keys()]).toEqual([...unzip(camtrap.bytes).keys()]);
    await page.click('[aria-label^="Forget: Darwin Core"]');
    await page.waitForSelector('.job:has-text("Darwin Core, Archive")', { state: 'detached' });
  });

  describe.each(LOOKS)('in %s', (_name, options) => {
    it('has no fault that axe finds, and nothing that is wider than the window', async () => {
      const page = await open('editor', '/downloads', options);
      await page.waitForSelector('.format');
      await page.waitForLoadState('networkidle').catch(() => {});
      await expectGoodLooks(page, '/downloads', 'locale' in options ? options.locale : 'en');
    });
  });
});
