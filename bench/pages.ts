import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { listRuns, type RunFilter } from '../features/runs/index.js';
import { StatsRepository } from '../features/stats/index.js';
import type { CountKey } from '../features/stats/stats.repository.js';
import { Catalog, type Db } from '../libs/database/index.js';
import type { ObservedRun } from '../libs/domain/index.js';
import { median } from './load.js';
import { DAY_MS, FIRST_MS, seedSeason } from './seed-season.js';

const RUNS = 1_000_000;
const PAGE = 100;
const LAST_PAGE = 10_000;
const ROUNDS = 31;

const FILTERS: readonly (readonly [what: string, filter: RunFilter])[] = [
  ['all', {}],
  ['a trap', { trapIds: ['trap-1'] }],
  ['a label', { label: 'label-0' }],
  ['a rare label', { label: 'label-9' }],
  ['a taxon', { taxon: 'Taxon 0' }],
  ['a group', { group: 'group-0' }],
  ['a trap and a label', { trapIds: ['trap-1'], label: 'label-0' }],
  ['insects', { insectsOnly: true }],
  ['insects of a trap', { trapIds: ['trap-1'], insectsOnly: true }],
  ['unsure', { unsure: true }],
  ['reviewed', { reviewed: true }],
  [
    'a trap, a label, 20 days',
    { trapIds: ['trap-1'], label: 'label-0', fromMs: FIRST_MS + 5 * DAY_MS, toMs: FIRST_MS + 25 * DAY_MS },
  ],
];
const COUNTS: readonly (readonly CountKey[])[] = [['label'], ['trap', 'label'], ['trap', 'day', 'hour']];

/**
 * What the first and the ten-thousandth page of a list of runs cost (or its last one, where there are fewer), and what
 * counting takes, with a million runs. In the catalog that DATABASE_URL names, otherwise in an SQLite of its own.
 */
export async function pages(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'trapline-bench-'));
  const catalog = await Catalog.open({ dataDir, databaseUrl: process.env['DATABASE_URL'] });
  try {
    await seedSeason(catalog.db, RUNS);
    for (const [what, filter] of FILTERS) await pagesOf(catalog.reader, what, filter);
    for (const keys of COUNTS) await countBy(catalog, keys);
  } finally {
    await catalog.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function pagesOf(db: Db, what: string, filter: RunFilter): Promise<void> {
  // The last page that is full: one that is not costs less.
  let last: ObservedRun | undefined;
  let next: ObservedRun | undefined;
  let number = 0;
  while (number < LAST_PAGE) {
    const page = await listRuns(db, filter, PAGE, { after: next });
    const end = page.at(-1);
    if (!end || page.length < PAGE) break;
    last = next;
    next = end;
    number += 1;
  }
  const firsts: number[] = [];
  const deeps: number[] = [];
  // In turns: what else the machine does falls on both.
  for (let round = 0; round < ROUNDS; round += 1) {
    firsts.push(await cost(db, filter, undefined));
    deeps.push(await cost(db, filter, last));
  }
  const [first, deep] = [median(firsts), median(deeps)];
  console.log(
    `${what}: page 1 ${first.toFixed(2)} ms, page ${number} ${deep.toFixed(2)} ms, ratio ${(deep / first).toFixed(2)}`,
  );
}

async function cost(db: Db, filter: RunFilter, after: ObservedRun | undefined): Promise<number> {
  const begin = performance.now();
  await listRuns(db, filter, PAGE, { after });
  return performance.now() - begin;
}

async function countBy(catalog: Catalog, keys: readonly CountKey[]): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begin = performance.now();
  const rows = await new StatsRepository(catalog, { timeZone: 'UTC' }).countVisits({
    filter: {},
    keys,
    limit: 50_000,
    nowMs: Date.now(),
  });
  const seconds = (performance.now() - begin) / 1000;
  delay.disable();
  console.log(
    `counted by ${keys.join(', ')}: ${seconds.toFixed(2)} s, ${rows.length} rows, event-loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
  );
}
