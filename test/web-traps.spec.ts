import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Run } from '../libs/api-types/index.js';
import { chromiumOrReason, startChromium, Window } from './fixtures/browser.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { expectGoodLooks, LOOKS } from './fixtures/looks.js';
import { allRuns } from './fixtures/rest.js';
import { playSeason } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;
const runs = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const PYTHON = '/usr/bin/python3';
const hasPublisher = runs('which', 'mosquitto_pub');
const hasPaho = runs(PYTHON, '-c', 'import paho.mqtt.publish');

let station: Station;
let browser: Browser;
let window: Window;
let folder: string;
suite(`the pages of the traps${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([
      Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' }),
      startChromium(chromium.path as string),
    ]);
    await playSeason(station, '--traps 2 --days 9 --runs 3 --drawings 2');
    folder = mkdtempSync(join(tmpdir(), 'trapline-commands-'));
    writeFileSync(join(folder, 'insect.jpg'), await crop('red', 1));
  });
  afterAll(async () => {
    await browser?.close();
    await station?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
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

  /** Adds a trap on the page. @returns its password, as the page shows it */
  async function add(page: Page, name: string): Promise<string> {
    await page.fill('#name', name);
    await page.click('form .btn.main');
    await page.waitForSelector('.secret .qr path');
    return (await page.locator('.secret dd code').nth(2).textContent()) as string;
  }

  it('adds a trap, and says when its first message and its first insect have come', async () => {
    const page = await open('admin', '/traps');
    await page.click('text=Add a trap');
    await page.fill('#name', 'Weinberg Süd');
    expect(await page.inputValue('#identifier')).toBe('weinberg-sued');
    const password = await add(page, 'Weinberg Süd');
    await page.waitForSelector('.waiting:has-text("Waiting for Weinberg Süd")');
    const trap = await Trap.connect('weinberg-sued', password, station.mqttPort);
    try {
      await trap.publish('status', { v: 1, state: 'online', at: new Date().toISOString() }, { retain: true });
      await page.waitForSelector('[role=status]:has-text("Weinberg Süd was heard at")');
      await trap.crop('run-1', '0001', await crop('green', 1));
      await page.waitForSelector('text=Weinberg Süd has sent its first insect.');
      await page.click('text=Look at it');
      await page.waitForURL(/\/runs\/weinberg-sued\/run-1$/);
    } finally {
      await trap.close();
    }
    expect(await station.json('/api/v1/traps/weinberg-sued')).toMatchObject({
      name: 'Weinberg Süd',
      timeZone: 'Europe/Berlin',
    });
  });

  it('hides the password once it was taken, and never shows it again', async () => {
    const page = await open('admin', '/add-trap');
    const password = await add(page, 'Once only');
    expect(await page.locator('pre').first().textContent()).toContain(password);
    await page.click('text=I have it');
    await page.waitForSelector('.tabs');
    await eventually(
      async () => (await page.locator('pre').first().textContent())?.includes('<password>') === true,
    );
    expect(await page.content()).not.toContain(password);
    await page.goto('/add-trap');
    await page.fill('#name', 'Once only');
    await page.click('form .btn.main');
    await page.waitForSelector('[role=alert]:has-text("has an account already")');
  });

  /** The time of a visit is when the commands were run, and not when the page was opened. */
  async function endsWhenItCame(trapId: string): Promise<void> {
    await eventually(async () => {
      const [run] = (await station.json<{ items: Run[] }>(`/api/v1/runs?trap=${trapId}`)).items;
      if (!run?.end) return false;
      return Math.abs(Date.parse(run.end) - Date.parse(run.receivedAt.first)) < 5000;
    });
  }

  it('makes nothing of a form that is refused, and marks what was wrong', async () => {
    const refused = await station.get('/api/v1/traps', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ trapId: 'no-zone', timeZone: 'Europe/Berln' }),
    });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('timeZone must be an IANA time zone');
    expect((await station.get('/api/v1/traps/no-zone')).status).toBe(404);
    const page = await open('admin', '/add-trap');
    await page.selectOption('#zone', 'Australia/Sydney');
    await add(page, 'Down under');
    expect(await station.json('/api/v1/traps/down-under')).toMatchObject({ timeZone: 'Australia/Sydney' });
    await page.goto('/add-trap');
    await page.fill('#name', 'Down under');
    await page.click('form .btn.main');
    await page.waitForSelector('#identifier[aria-invalid=true]');
    await page.click('[role=alert] a');
    await page.waitForURL(/\/traps\/down-under$/);
  });

  const itPublishes = hasPublisher ? it : it.skip;
  itPublishes('shows commands for mosquitto_pub that work as they stand', async () => {
    const page = await open('admin', '/add-trap');
    await add(page, 'By hand');
    await page.click('[role=tab]:has-text("mosquitto_pub")');
    const commands = (await page.locator('[role=tabpanel] pre').textContent()) as string;
    execFileSync('sh', ['-ec', commands], { cwd: folder });
    await page.waitForSelector('text=By hand has sent its first insect.');
    await endsWhenItCame('by-hand');
    await eventually(async () => {
      const [run] = await allRuns(station, '&trap=by-hand');
      return run?.status === 'complete' && run.storedCrops === 1;
    });
  });

  const itRunsPython = hasPaho ? it : it.skip;
  itRunsPython('shows a Python program that works as it stands', async () => {
    const page = await open('admin', '/add-trap');
    await add(page, 'By Python');
    await page.click('[role=tab]:has-text("Python")');
    const program = (await page.locator('[role=tabpanel] pre').textContent()) as string;
    execFileSync(PYTHON, ['-c', program], { cwd: folder });
    await page.waitForSelector('text=By Python has sent its first insect.');
  });

  it('shows commands for HTTP that work as they stand, and settings for the agent', async () => {
    const page = await open('admin', '/add-trap');
    const password = await add(page, 'By HTTP');
    await page.click('[role=tab]:has-text("HTTP")');
    const commands = (await page.locator('[role=tabpanel] pre').textContent()) as string;
    execFileSync('sh', ['-ec', commands], { cwd: folder, stdio: 'ignore' });
    await page.waitForSelector('text=By HTTP has sent its first insect.');
    await endsWhenItCame('by-http');
    // Run once more as they stand, they are another visit.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    execFileSync('sh', ['-ec', commands], { cwd: folder, stdio: 'ignore' });
    await eventually(async () => (await allRuns(station, '&trap=by-http')).length === 2);
    await page.focus('[role=tab][aria-selected=true]');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('[role=tab][aria-selected=true]:has-text("insect-detect")');
    const agent = (await page.locator('[role=tabpanel] pre').textContent()) as string;
    const settings = JSON.parse(/^\{[\s\S]*?^\}/m.exec(agent)?.[0] ?? '');
    expect(settings).toMatchObject({
      trap: 'by-http',
      name: 'By HTTP',
      url: `mqtt://127.0.0.1:${station.mqttPort}`,
      timeZone: 'Europe/Berlin',
    });
    expect(agent).toContain(`echo '${password}' | sudo tee password`);
  });

  it('tells how each trap is, those first that need a hand, with what it recorded', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const trap = await Trap.connect('sleeper', await station.addTrap('sleeper'), station.mqttPort);
    await trap.publish('status', { v: 1, state: 'sleeping', until }, { retain: true });
    await trap.close();
    const page = await open('viewer', '/traps');
    await page.waitForSelector('.trap .state.asleep:has-text("sleeping until")');
    // Its colour is that of sleep, and no red.
    const colour = (selector: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}')).color`);
    expect(await colour('.state.asleep')).toBe('rgb(71, 86, 138)');
    const week = page.locator('.trap:has-text("Simulated trap 1") .week');
    await week.waitFor();
    expect(await week.locator('> span:not(.none)').count()).toBeGreaterThan(4);
    expect(await week.getAttribute('aria-label')).toMatch(/recorded/);
    expect(await page.locator('text=Add a trap').count()).toBe(0);
    const { items } = await station.json<{ items: { trap: string; day: string; effortMinutes: number }[] }>(
      '/api/v1/stats/counts?by=trap,day&trap=sim-1-001',
    );
    const yesterday = items.at(-2)?.effortMinutes as number;
    const cells = await page.locator('tr:has-text("Simulated trap 1") td').allTextContents();
    expect(cells).toContain((yesterday / 60).toFixed(1));
  });

  it('shows one trap over time, and notes visits to it, which can be undone', async () => {
    const page = await open('editor', '/traps/sim-1-001');
    await page.waitForSelector('.spark');
    const labels = await page.locator('.spark svg').evaluateAll((all) => all.map((each) => each.ariaLabel));
    expect(labels[0]).toMatch(/^Battery: \d+.% to \d+.%, last \d+.%$/);
    await page.click('text=Note a visit');
    await page.check('text=battery changed');
    await page.fill('#visit-text', 'spider web before the lens');
    await page.click('dialog .btn.main');
    await page.waitForSelector(
      '.visit-log li:has-text("battery changed"):has-text("spider web"):has-text("a-editor")',
    );
    await page.click('.toast .btn');
    await page.waitForSelector('text=None noted yet.');
    const visits = await station.json<{ items: unknown[] }>('/api/v1/traps/sim-1-001/visits');
    expect(visits.items).toEqual([]);
  });

  it('changes name, place and notes, and begins a new deployment', async () => {
    const page = await open('editor', '/traps/sim-1-002');
    await page.click('text=Name, place and notes');
    await page.fill('#trap-name', 'Orchard');
    await page.fill('dialog #latitude', '51,04812');
    await page.fill('dialog #longitude', '13.73921');
    await page.fill('#trap-notes', 'behind the hedge');
    await page.click('dialog .btn.main');
    await page.waitForSelector('h1:has-text("Orchard")');
    await page.waitForSelector('text=51.04812°, 13.73921°');
    await page.click('text=It was moved');
    await page.fill('dialog #latitude', '51.1');
    await page.fill('dialog #longitude', '13.8');
    await page.fill('#place-name', 'By the mill');
    await page.click('dialog .btn.main');
    await page.waitForSelector('td:has-text("By the mill")');
    await window.close();
    const viewer = await open('viewer', '/traps/sim-1-002');
    await viewer.waitForSelector('.facts dd:has-text("rounded")');
    expect(await viewer.content()).not.toContain('51.04812');
    expect(await viewer.content()).not.toContain('behind the hedge');
    expect(await viewer.locator('text=Name, place and notes').count()).toBe(0);
  });

  it('says what failed in its place, and tries again', async () => {
    const page = await open('viewer', '/traps');
    await page.waitForSelector('.trap');
    await page.route('**/stats/counts*', (route) => route.abort());
    await page.reload();
    await page.waitForSelector('.failed:has-text("No connection")');
    expect(await page.locator('.trap').count()).toBeGreaterThan(1);
    await page.unroute('**/stats/counts*');
    await page.click('text=Try again');
    await page.waitForSelector('#recorded');
  });

  describe.each(LOOKS)('in %s', (_name, options) => {
    it('has no fault that axe finds, and nothing that is wider than the window', async () => {
      const page = await open('admin', '/traps', options);
      for (const path of ['/traps', '/traps/sim-1-001', '/add-trap']) {
        await page.goto(path);
        await page.waitForSelector('main h1');
        await page.waitForLoadState('networkidle').catch(() => {});
        await expectGoodLooks(page, path, 'locale' in options ? options.locale : 'en');
      }
    });
  });
});
