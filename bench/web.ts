import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { putAccount } from '../features/accounts/index.js';
import { putSession } from '../features/sessions/index.js';
import { Catalog } from '../libs/database/index.js';
import { chromiumOrReason, startChromium, Window } from '../test/fixtures/browser.js';
import { rssMb } from '../test/fixtures/memory.js';
import { playSeason } from '../test/fixtures/simulator.js';
import { Station } from '../test/fixtures/station.js';
import { median } from './load.js';
import { DAY_MS, SEASON_DAYS, seedSeason, TRAPS } from './seed-season.js';

const RUNS = 100_000;
const ROUNDS = 11;
const LOADS = 1000;
const STREAMS = 50;
const POLL_MS = 5;
/** In the browser: names and pictures of the first window are there. */
const IS_USABLE = `document.querySelector('.run .name') !== null && !document.querySelector('[aria-busy=true]')
  && [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight)`;
const HOUR_MS = 3_600_000;
/** With pictures, for what the pages show first. */
const TODAY = '--traps 3 --days 1 --runs 6 --drawings 8';
const PAGES = { Today: '/', Gallery: '/gallery?insects=true' } as const;

/**
 * How soon a browser shows the first pages with 100,000 runs stored, against the same pages with one day of them; and what
 * memory 1,000 loads take while 50 pages follow the events.
 */
export async function web(): Promise<void> {
  const { path, reason } = chromiumOrReason();
  if (!path) throw new Error(`this needs a browser${reason}`);
  const station = await Station.startAsInUse({ TRAPLINE_MODEL: 'demo' });
  const browser = await startChromium(path);
  try {
    await playSeason(station, TODAY);
    const few = await loadPages(browser, station);
    await station.stop();
    const keys = await fill(station);
    await station.start();
    const many = await loadPages(browser, station);
    for (const [page, { ms }] of Object.entries(many)) {
      const before = few[page]?.ms as number;
      console.log(
        `${page} with ${RUNS} runs: ${ms.toFixed(0)} ms until it can be used, with a day of them ${before.toFixed(0)} ms, ratio ${(ms / before).toFixed(2)}`,
      );
    }
    await memory(
      station,
      keys,
      Object.values(many).flatMap(({ requests }) => requests),
    );
  } finally {
    await browser.close();
    await station.remove();
  }
}

interface Loaded {
  /** Median, from the navigation until text and pictures of the first window are there. */
  readonly ms: number;
  /** Paths of everything that a load asks for. */
  readonly requests: readonly string[];
}

/** Each in a browser that has loaded the page before: what changes is asked for again, scripts and pictures are kept. */
async function loadPages(browser: Browser, station: Station): Promise<Record<string, Loaded>> {
  const window = await Window.open(browser, station);
  const page = await window.logIn('editor');
  const loaded: Record<string, Loaded> = {};
  for (const [name, path] of Object.entries(PAGES)) {
    const times: number[] = [];
    let requests: string[] = [];
    page.on('request', (request) => requests.push(request.url().replace(station.http, '')));
    for (let round = 0; round < ROUNDS; round += 1) {
      requests = [];
      const begin = performance.now();
      await page.goto(path, { waitUntil: 'commit' });
      while (!(await page.evaluate(IS_USABLE).catch(() => false))) await delay(POLL_MS);
      times.push(performance.now() - begin);
    }
    loaded[name] = { ms: median(times), requests: requests.filter((each) => !each.includes('/events')) };
  }
  await window.close();
  return loaded;
}

/** A season of runs and sessions up to now. @returns a key for each page that follows the events */
async function fill(station: Station): Promise<string[]> {
  const catalog = await Catalog.open({ dataDir: station.dataDir });
  const nowMs = Date.now();
  const keys = Array.from({ length: STREAMS }, (_, i) => `bench-key-of-stream-${i}`);
  try {
    await seedSeason(catalog.db, RUNS, nowMs - DAY_MS);
    await catalog.db.transaction().execute(async (tx) => {
      for (let i = 0; i < TRAPS * SEASON_DAYS; i += 1) {
        const startMs = nowMs - (1 + Math.floor(i / TRAPS)) * DAY_MS;
        await putSession(tx, sessionAt(`trap-${i % TRAPS}`, startMs));
      }
      for (const secret of keys)
        await putAccount(tx, { kind: 'key', name: secret, role: 'viewer', secret }, nowMs);
    });
  } finally {
    await catalog.close();
  }
  return keys;
}

const sessionAt = (trapId: string, startMs: number) => ({
  trapId,
  sessionId: `s-${startMs}`,
  startMs,
  endMs: startMs + 12 * HOUR_MS,
  offsetMin: null,
  reportedMinutes: null,
  clockSuspect: false,
  clockShiftMs: null,
  payload: {},
  receivedAtMs: startMs,
  zoneRevision: null,
});

/** The requests of a load again and again, as a browser without a cache sends them. */
async function memory(station: Station, keys: readonly string[], requests: readonly string[]): Promise<void> {
  const stop = new AbortController();
  const streams = await Promise.all(
    keys.map((key) =>
      fetch(`${station.http}/api/v1/events`, {
        headers: { Authorization: `Bearer ${key}` },
        signal: stop.signal,
      }),
    ),
  );
  const open = streams.filter(({ ok }) => ok).length;
  const load = async () => {
    for (const path of requests) await (await station.get(path)).arrayBuffer();
  };
  const measured: number[] = [];
  for (let count = 1; count <= LOADS / 2; count += 1) {
    await load(); // both pages
    if (count % (LOADS / 10) === 0) measured.push(rssMb(station.pid));
  }
  stop.abort();
  const [first = 0, last = 0] = [measured[0], measured.at(-1)];
  console.log(
    `memory of the service with ${open} event streams: ${measured.map((mb) => mb.toFixed(0)).join(', ')} MB after each ${LOADS / 5} page loads (${requests.length} requests for both pages), ratio ${(last / first).toFixed(2)}`,
  );
}
