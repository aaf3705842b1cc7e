import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromiumOrReason, startChromium, Window } from './fixtures/browser.js';
import { eventually } from './fixtures/eventually.js';
import { expectGoodLooks, LOOKS } from './fixtures/looks.js';
import { deadLetters } from './fixtures/rest.js';
import { playSeason } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;
const PASSWORD = 'harbour violet engine orchard';

let station: Station;
let browser: Browser;
let window: Window;
suite(`the settings${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([
      Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' }),
      startChromium(chromium.path as string),
    ]);
    const season = '--traps 1 --days 3 --runs 2 --drawings 2 --until 2026-07-16T18:00:00Z';
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
    const page = await window.logIn(role, path);
    await page.waitForSelector('.subnav');
    return page;
  };
  const entries = async (page: Page) =>
    (await page.locator('.subnav a').allTextContents()).map((text) => text.replace(/[\d+]+$/, ''));

  it('shows each role what it may use, and says who may do the rest', async () => {
    expect(await entries(await open('viewer', '/settings'))).toEqual(['People', 'Models']);
    await window.page.goto('/settings/keys');
    await window.page.waitForSelector('text=Only an admin can see this: Keys.');
    expect(await window.page.locator('text=Add a person').count()).toBe(0);
    await window.close();
    expect(await entries(await open('editor', '/settings'))).toEqual(['People', 'Models', 'Dead letters']);
    await window.close();
    expect(await entries(await open('admin', '/settings'))).toEqual([
      'People',
      'Keys',
      'Models',
      'Retention',
      'Backup',
      'Dead letters',
      'Health',
    ]);
  });

  it('adds a person by a link that works once, changes the role, which can be undone, and removes the person', async () => {
    const page = await open('admin', '/settings/people');
    await page.fill('#person-name', 'berta');
    await page.selectOption('#person-role', 'editor');
    await page.click('form:has(#person-name) .btn.main');
    const link = (await page.locator('dialog code').textContent()) as string;
    expect(link).toMatch(new RegExp(`^${station.http}/first-start#`));
    await page.click('dialog .btn:has-text("I have it")');
    const other = await Window.open(browser, station);
    await other.page.goto(link);
    await other.page.fill('#password', PASSWORD);
    await other.page.click('button[type=submit]');
    await other.page.waitForSelector('nav.side .foot:has-text("editor")');
    await other.close();
    const role = async () =>
      (await station.json<{ items: { name: string; role: string }[] }>('/api/v1/users')).items.find(
        ({ name }) => name === 'berta',
      )?.role;
    await page.selectOption('[aria-label="Role: berta"]', 'viewer');
    await page.waitForSelector('.toast:has-text("berta changed")');
    expect(await role()).toBe('viewer');
    await page.keyboard.press('Escape');
    await page.click('.toast .btn');
    await eventually(async () => (await role()) === 'editor');
    await page.click('[aria-label="Remove: berta"]');
    expect(await page.isDisabled('dialog .btn.danger')).toBe(true);
    await page.fill('#confirm-name', 'berta');
    await page.click('dialog .btn.danger');
    await page.waitForSelector('tr:has-text("berta")', { state: 'detached' });
    expect(await role()).toBeUndefined();
  });

  it('chooses which traps a person sees, and shows the person no others', async () => {
    await (await open('viewer', '/settings')).close();
    await window.close();
    const page = await open('admin', '/settings/people');
    const traps = page.locator('[aria-label^="Traps: a-viewer"]');
    expect(await traps.textContent()).toBe('all');
    // Of another station, or one that has not spoken yet.
    await station.get('/api/v1/users/a-viewer', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ traps: ['elsewhere'] }),
    });
    await page.reload();
    await page.waitForSelector('[aria-label="Traps: a-viewer, 1 trap"]');
    await window.close();
    const limited = await open('viewer', '/settings');
    await limited.goto('/gallery');
    await limited.waitForSelector('text=No visits');
    await limited.goto('/traps');
    await limited.waitForSelector('h1');
    expect(await limited.locator('main:has-text("Simulated trap 1")').count()).toBe(0);
    await window.close();
    const again = await open('admin', '/settings/people');
    await again.click('[aria-label="Traps: a-viewer, 1 trap"]');
    await again.check('dialog label:has-text("Simulated trap 1") input');
    await again.uncheck('dialog label:has-text("elsewhere") input');
    await again.click('dialog .btn.main');
    await again.waitForSelector('.toast:has-text("a-viewer changed")');
    const { items } = await station.json<{ items: { name: string; traps: string[] | null }[] }>(
      '/api/v1/users',
    );
    expect(items.find(({ name }) => name === 'a-viewer')?.traps).toEqual(['sim-1-001']);
    await again.click('[aria-label="Traps: a-viewer, 1 trap"]');
    await again.check('dialog label:has-text("All traps") input');
    await again.click('dialog .btn.main');
    await again.waitForSelector('[aria-label="Traps: a-viewer, all"]');
  });

  it('changes the own password, and says when the old one is wrong', async () => {
    const page = await open('viewer', '/settings/people');
    await page.click('summary:has-text("Change password")');
    await page.fill('#current', 'not this one');
    await page.fill('#new-password', PASSWORD);
    await page.click('form:has(#current) .btn');
    await page.waitForSelector('[role=alert]:has-text("The current password is wrong.")');
  });

  it('makes a key that is shown once and works, and revokes it', async () => {
    const page = await open('admin', '/settings/keys');
    await page.fill('#key-name', 'office');
    await page.click('form:has(#key-name) .btn.main');
    const key = (await page.locator('dialog code').textContent()) as string;
    const asks = () => fetch(`${station.http}/api/v1/traps`, { headers: { Authorization: `Bearer ${key}` } });
    expect((await asks()).status).toBe(200);
    await page.click('dialog .btn:has-text("I have it")');
    expect(await page.content()).not.toContain(key);
    await page.click('[aria-label="Revoke: office"]');
    await page.fill('#confirm-name', 'office');
    await page.click('dialog .btn.danger');
    await page.waitForSelector('tr:has-text("office")', { state: 'detached' });
    expect((await asks()).status).toBe(401);
  });

  it('shows what was refused, with its content, takes it again, and deletes it', async () => {
    const trap = await Trap.connect('odd', await station.addTrap('odd'), station.mqttPort);
    await trap.publish('telemetry', { v: 1, at: '2026-07-16T12:00:00Z', batteryPct: 'USB' });
    await trap.close();
    await eventually(async () => (await deadLetters(station)).length === 1);
    const page = await open('admin', '/settings/dead-letters');
    await page.waitForSelector('.subnav .count:has-text("1")');
    await page.click('td .btn:has-text("Look")');
    await page.waitForSelector('dialog .bytes:has-text("batteryPct")');
    await page.click('dialog .btn:has-text("Take again")');
    await page.waitForSelector('dialog [role=alert], .toast');
    const arriving = page.waitForEvent('download');
    await page.click('dialog .btn:has-text("Download its bytes")');
    const bytes = readFileSync(await (await arriving).path());
    expect(JSON.parse(bytes.toString('utf8'))).toMatchObject({ batteryPct: 'USB' });
    await page.click('dialog .btn.danger');
    await page.click('dialog .btn.danger');
    await page.waitForSelector('text=Nothing was refused.');
    expect(await deadLetters(station)).toEqual([]);
  });

  it('tries the active model on a picture, and stores nothing', async () => {
    const page = await open('viewer', '/settings/models');
    await page.waitForSelector('.tag.active');
    await page.setInputFiles('.drop input', 'models/demo/golden-drawn_bee.jpg');
    await page.waitForSelector('.label.top .name:has-text("Bee")');
    expect(await page.locator('.label').count()).toBe(3);
    await page.setInputFiles('.drop input', 'package.json');
    await page.waitForSelector('.drop .error');
    await page.click('[aria-label^="Card"]');
    await page.waitForSelector('dialog dd:has-text("Apache-2.0")');
  });

  it('says how a model is installed without a network', async () => {
    const page = await open('admin', '/settings/models');
    await page.click('text=Install from a file');
    await page.waitForSelector('dialog code:has-text("model install")');
  });

  it('says what retention would remove, and removes nothing', async () => {
    const page = await open('admin', '/settings/retention');
    await page.waitForSelector('text=No rule is set');
    await page.fill('#free', '900000');
    await page.fill('#best', '0');
    await page.click('.btn:has-text("Look")');
    await page.waitForSelector('[role=status]:has-text("pictures") td:has-text("Simulated trap 1")');
    const { items } = await station.json<{ items: { removed: boolean }[] }>('/api/v1/runs?limit=500');
    expect(items.some(({ removed }) => removed)).toBe(false);
  });

  it('shows the state of the backup and what the station finds in itself', async () => {
    const page = await open('admin', '/settings/backup');
    await page.waitForSelector('code:has-text("trapline -- backup")');
    await page.click('.subnav a:has-text("Health")');
    await page.waitForSelector('.finding');
    await page.click('text=Check again');
    await page.waitForSelector('.finding');
  });

  describe.each(LOOKS)('in %s', (_name, options) => {
    it('has no fault that axe finds, and nothing that is wider than the window', async () => {
      const page = await open('admin', '/settings', options);
      for (const part of ['people', 'keys', 'models', 'retention', 'backup', 'dead-letters', 'health']) {
        await page.goto(`/settings/${part}`);
        await page.waitForSelector('main h2');
        await page.waitForLoadState('networkidle').catch(() => {});
        await expectGoodLooks(page, part, 'locale' in options ? options.locale : 'en');
      }
    });
  });
});
