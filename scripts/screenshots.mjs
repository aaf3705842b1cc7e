// Makes the pictures of the main pages for README and docs: `npm run screenshots`. A station of its own, a simulated season
// of drawn insects, and the Chromium of this machine; docs/pictures/<page>-<theme>.webp. All their clocks begin on the same
// afternoon in July, so that the pictures are the same whenever they are made.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { chromiumOrReason, startChromium, Window } from '../dist/test/fixtures/browser.js';
import { eventually } from '../dist/test/fixtures/eventually.js';
import { Station } from '../dist/test/fixtures/station.js';

const FOLDER = 'docs/pictures';
const LARGEST_BYTES = 80_000;
const QUALITIES = [82, 70, 55, 40];
const NOW = Date.parse('2026-07-16T13:20:00Z');
const TRAPS = '--traps 3 --drawings 120';
const SEASON = `${TRAPS} --days 14 --runs 4 --spike`;
const LIVE = `${TRAPS} --days 0 --live 12`;
const LIMIT_MS = 120_000;
const WIDE = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
const NAMES = ['Meadow South', 'School Garden', 'Orchard'];
/** More than the demo model would ever doubt: drawn insects are easy. */
const UNSURE_BELOW = 0.62;

const { path: chromium, reason } = chromiumOrReason();
if (!chromium) throw new Error(reason);
const began = Date.now();
const now = () => new Date(NOW + Date.now() - began);
const folder = mkdtempSync(join(tmpdir(), 'trapline-screenshots-'));
/** For a program that starts now. */
const clock = () => ({
  NODE_OPTIONS: `--import ${new URL(`clock-at.mjs?${now().toISOString()}`, import.meta.url)}`,
});
const station = await Station.start({
  ...clock(),
  TRAPLINE_MODEL: doubtingModel(),
  TRAPLINE_TIME_ZONE: 'Europe/Berlin',
});
const browser = await startChromium(chromium);
let traps = simulate(SEASON);
try {
  const [status] = await once(traps, 'exit');
  if (status !== 0) throw new Error(`the simulator ended with ${status}`);
  // Soon after a start, it looks for what was unusual.
  await station.stop();
  await station.start(clock());
  traps = simulate(LIVE);
  await send('DELETE', '/api/v1/traps/trap-1/credentials');
  await nameTraps();
  await review();
  const episode = await eventually(async () => (await items('/api/v1/activity/episodes'))[0], LIMIT_MS);
  await eventually(async () => (await station.json('/api/v1/today')).traps.online === 3, LIMIT_MS);
  const run = await aRun();
  /** Where each is, and what has to be there before its picture is taken. */
  const pages = {
    today: ['/', '.run .name'],
    gallery: ['/gallery?insects=true', '.run .name'],
    run: [`/runs/${run.trapId}/${run.runId}`, '.film .pic'],
    activity: [`/activity?trap=${episode.trapId}&group=${episode.group}`, '.evidence .pic'],
    season: ['/season?from=2026-07-03&to=2026-07-16&by=day', '.tile'],
    traps: ['/traps', '.week'],
  };
  mkdirSync(FOLDER, { recursive: true });
  for (const theme of ['light', 'dark'])
    for (const [name, page] of Object.entries(pages)) await picture(`${name}-${theme}`, page, theme, WIDE);
  for (const name of ['today', 'run']) await picture(`${name}-phone`, pages[name], 'light', PHONE);
} finally {
  traps.kill('SIGKILL');
  await browser.close();
  await station.remove();
  rmSync(folder, { recursive: true });
}

/** The demo model with a higher threshold: some insects are uncertain. */
function doubtingModel() {
  const model = join(folder, 'model');
  cpSync('models/demo', model, { recursive: true });
  const card = JSON.parse(readFileSync(join(model, 'model.json'), 'utf8'));
  writeFileSync(
    join(model, 'model.json'),
    JSON.stringify({ ...card, decision: { unsureBelow: UNSURE_BELOW } }),
  );
  return model;
}

function simulate(args) {
  return spawn(process.execPath, ['dist/apps/simulator/main.js', ...args.split(' ')], {
    env: {
      PATH: process.env.PATH,
      ...clock(),
      TRAPLINE_DATA_DIR: station.dataDir,
      TRAPLINE_MQTT_PORT: String(station.mqttPort),
      TRAPLINE_HTTP_PORT: new URL(station.http).port,
    },
    stdio: 'inherit',
  });
}

async function items(path) {
  return (await station.json(path)).items;
}

function send(method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  return station.get(path, { method, headers, body: JSON.stringify(body) });
}

async function nameTraps() {
  const simulated = (await items('/api/v1/traps')).filter(({ trapId }) => trapId.startsWith('sim-'));
  for (const [index, { trapId }] of simulated.entries())
    await send('PUT', `/api/v1/traps/${trapId}`, { name: NAMES[index] });
}

/** A person has looked at a third of the last days. */
async function review() {
  const runs = await items('/api/v1/runs?insectsOnly=true&limit=200');
  for (const { trapId, runId } of runs.filter((_, index) => index % 3 === 1))
    await send('POST', `/api/v1/runs/${trapId}/${runId}/review`, { verdict: 'agree' });
}

/** One with a strip of pictures, not reviewed yet. */
async function aRun() {
  const runs = await items('/api/v1/runs?insectsOnly=true&limit=200');
  return runs.find(({ storedCrops, reviewed }) => storedCrops >= 8 && !reviewed) ?? runs[0];
}

async function picture(name, [path, sign], colorScheme, viewport) {
  const window = await Window.open(browser, station, { viewport, colorScheme, timezoneId: 'Europe/Berlin' });
  await window.page.clock.install({ time: now() });
  const page = await window.logIn('editor', path);
  // Where the mouse has clicked, a card may be by now.
  await page.mouse.move(0, 0);
  await page.waitForSelector(sign);
  await page.waitForFunction(
    () =>
      !document.querySelector('[aria-busy=true], .later') &&
      [...document.images].every((image) => {
        const { left, top, width } = image.getBoundingClientRect();
        return image.naturalWidth > 0 || !width || left > innerWidth || top > innerHeight;
      }),
  );
  const png = await page.screenshot();
  await window.close();
  const target = join(FOLDER, `${name}.webp`);
  for (const quality of QUALITIES) {
    writeFileSync(target, await sharp(png).webp({ quality, effort: 6 }).toBuffer());
    if (statSync(target).size < LARGEST_BYTES) break;
  }
  console.log(target, statSync(target).size);
}
