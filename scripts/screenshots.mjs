// Makes the pictures of the main pages for README and docs: `npm run screenshots`. A station of its own, a simulated season
// of drawn insects, and the Chromium of this machine; docs/pictures/<page>-<theme>.webp.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { chromiumOrReason, startChromium, Window } from '../dist/test/fixtures/browser.js';
import { simulate } from '../dist/test/fixtures/simulator.js';
import { Station } from '../dist/test/fixtures/station.js';

const FOLDER = 'docs/pictures';
const LARGEST_BYTES = 80_000;
const QUALITIES = [82, 70, 55, 40];
const SEASON = '--traps 3 --days 16 --runs 4 --drawings 12 --spike --until 2026-07-16T20:00:00Z';
const DAY = '2026-07-15';
const WIDE = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
const NAMES = ['Meadow South', 'School Garden', 'Orchard'];

const { path: chromium, reason } = chromiumOrReason();
if (!chromium) throw new Error(reason);
const station = await Station.start({ TRAPLINE_MODEL: 'models/demo', TRAPLINE_TIME_ZONE: 'Europe/Berlin' });
const browser = await startChromium(chromium);
try {
  const { status, output } = await simulate(station, SEASON);
  if (status !== 0) throw new Error(output);
  await nameTraps();
  const run = await aRun();
  const pages = {
    today: `/?day=${DAY}`,
    gallery: `/gallery?to=${DAY}`,
    run: `/runs/${run.trapId}/${run.runId}`,
    activity: `/activity?to=${DAY}`,
    season: '/season',
    traps: '/traps',
  };
  mkdirSync(FOLDER, { recursive: true });
  for (const theme of ['light', 'dark'])
    for (const [name, path] of Object.entries(pages)) await picture(`${name}-${theme}`, path, theme, WIDE);
  await picture('today-phone', pages.today, 'light', PHONE);
} finally {
  await browser.close();
  await station.remove();
}

async function nameTraps() {
  const { items } = await station.json('/api/v1/traps');
  const traps = items.filter(({ trapId }) => trapId.startsWith('sim-'));
  for (const [index, { trapId }] of traps.entries())
    await station.get(`/api/v1/traps/${trapId}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: NAMES[index] }),
    });
}

/** One with a strip of pictures. */
async function aRun() {
  const { items } = await station.json(`/api/v1/runs?insectsOnly=true&to=${DAY}&limit=200`);
  return items.find(({ storedCrops }) => storedCrops >= 8) ?? items[0];
}

async function picture(name, path, theme, viewport) {
  const window = await Window.open(browser, station, { viewport, colorScheme: theme });
  const page = await window.logIn('editor', path);
  await page.waitForLoadState('networkidle').catch(() => {});
  const png = await page.screenshot();
  await window.close();
  const target = join(FOLDER, `${name}.webp`);
  for (const quality of QUALITIES) {
    writeFileSync(target, await sharp(png).webp({ quality, effort: 6 }).toBuffer());
    if (statSync(target).size < LARGEST_BYTES) break;
  }
  console.log(target, statSync(target).size);
}
