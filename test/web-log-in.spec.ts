import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityFaults } from './fixtures/accessibility.js';
import { chromiumOrReason, PHONE, startChromium, Window } from './fixtures/browser.js';
import { Station } from './fixtures/station.js';

const chromium = chromiumOrReason();
const suite = chromium.path ? describe : describe.skip;
const PASSWORD = 'orchard violet engine harbour';

let station: Station;
let browser: Browser;
let window: Window;
suite(`the log-in of the page${chromium.reason}`, () => {
  beforeAll(async () => {
    [station, browser] = await Promise.all([Station.start(), startChromium(chromium.path as string)]);
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

  it('opens the link of the first start once, asks for a password, and takes it from then on', async () => {
    const link = station.firstLink;
    window = await Window.open(browser, station);
    await window.page.goto(link);
    await window.page.fill('#password', 'password1234');
    await window.page.click('button[type=submit]');
    await window.page.waitForSelector('[role=alert]:has-text("easy to guess")');
    await window.page.fill('#password', PASSWORD);
    await window.page.click('button[type=submit]');
    await window.page.waitForSelector('nav.side');
    expect(new URL(window.page.url()).pathname).toBe('/');
    await window.page.click('nav.side [aria-label="Log out"]');
    await window.page.fill('#user', 'admin');
    await window.page.fill('#password', PASSWORD);
    await window.page.click('button[type=submit]');
    await window.page.waitForSelector('nav.side');
    await window.close();
    window = await Window.open(browser, station);
    await window.page.goto(link);
    await window.page.waitForSelector('[role=alert]:has-text("has been used or has expired")');
  });

  it.each(['viewer', 'editor', 'admin'] as const)(
    'lets a %s in, and says what the person is',
    async (role) => {
      window = await Window.open(browser, station);
      const page = await window.logIn(role);
      await page.waitForSelector(`nav.side .foot:has-text("${role}")`);
      const cookies = await page.context().cookies();
      expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
        { httpOnly: true, sameSite: 'Strict' },
      ]);
      expect(await page.evaluate('document.cookie + JSON.stringify(localStorage)')).not.toMatch(/eyJ/);
    },
  );

  it('says that a password is wrong, and nothing more', async () => {
    window = await Window.open(browser, station);
    await window.page.goto('/gallery');
    await window.page.fill('#user', 'nobody');
    await window.page.fill('#password', 'not the password');
    await window.page.click('button[type=submit]');
    await window.page.waitForSelector('[role=alert]:has-text("User or password is wrong.")');
  });

  it('goes on where the person wanted to go, and asks again when the login has ended elsewhere', async () => {
    window = await Window.open(browser, station);
    const page = await window.logIn('viewer', '/gallery?unsure=true');
    await page.waitForSelector('search');
    expect(page.url()).toContain('/gallery?unsure=true');
    const ended = await station.get('/api/v1/users/a-viewer', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ disabled: true }),
    });
    expect(ended.status).toBe(200);
    await page.click('search .chip:has-text("Not reviewed")');
    await page.waitForSelector('#password');
  });

  it('keeps the language and the theme that were chosen', async () => {
    window = await Window.open(browser, station, { colorScheme: 'light' });
    const page = await window.logIn('editor', '/gallery');
    await page.click('nav.side [aria-label^="DE"]');
    await page.waitForSelector('nav.side a:has-text("Galerie")');
    await page.click('nav.side [aria-label="Hell oder dunkel"]');
    await page.reload();
    await page.waitForSelector('nav.side a:has-text("Galerie")');
    expect(
      await page.evaluate(
        '[document.documentElement.lang, getComputedStyle(document.documentElement).colorScheme]',
      ),
    ).toEqual(['de', 'dark']);
  });

  it.each([
    ['light, English, wide', { colorScheme: 'light' }],
    ['dark, German, phone', { colorScheme: 'dark', locale: 'de-DE', ...PHONE }],
  ] as const)('has no fault that axe finds in %s', async (_name, options) => {
    window = await Window.open(browser, station, options);
    for (const path of ['/', '/first-start#used']) {
      await window.page.goto(path);
      await window.page.reload();
      await window.page.waitForSelector('h1');
      expect([path, await accessibilityFaults(window.page)]).toEqual([path, []]);
    }
  });
});
