import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { testEngines } from './fixtures/catalog-engines.js';
import { Catalog, countVisits, listRuns, type RunFilter } from '../libs/catalog/index.js';
import { seedSeason, FIRST_MS, DAY_MS } from '../bench/seed-season.js';
const engines = await testEngines();
it('x', async () => {
  const pg = engines[1]!;
  const c = await Catalog.open(await pg.place());
  const out: string[] = [];
  let t = performance.now();
  await seedSeason(c.db, 300_000);
  out.push(`seed ${performance.now() - t}`);
  await sql`analyze`.execute(c.db);
  await sql`vacuum`.execute(c.db).catch((e) => out.push(String(e)));
  const F: [string, RunFilter][] = [['all', {}], ['trap', { trapId: 'trap-1' }], ['label', { label: 'label-0' }], ['rare', { label: 'label-9' }], ['group', { group: 'group-0' }], ['trap+label', { trapId: 'trap-1', label: 'label-0' }], ['insects', { insectsOnly: true }], ['trap insects', { trapId: 'trap-1', insectsOnly: true }], ['unsure', { unsure: true }], ['reviewed', { reviewed: true }], ['tl20', { trapId: 'trap-1', label: 'label-0', fromMs: FIRST_MS + 5 * DAY_MS, toMs: FIRST_MS + 25 * DAY_MS }]];
  for (const [n, f] of F) {
    const some = await listRuns(c.reader, f, 100);
    const deepMs = FIRST_MS + 6 * DAY_MS;
    const last = { atMs: deepMs, trapId: 'zzz', runId: 'zzz' };
    const time = async (after?: typeof last) => { const ts: number[] = []; for (let i = 0; i < 9; i++) { const s = performance.now(); await listRuns(c.reader, f, 100, after); ts.push(performance.now() - s); } return ts.sort((a, b) => a - b)[4]!; };
    out.push(`${n} ${some.length} first ${(await time()).toFixed(2)} deep ${(await time(last)).toFixed(2)}`);
  }
  for (const keys of [['label'], ['trap', 'label'], ['trap', 'day', 'hour']] as const) {
    const s = performance.now();
    const rows = await countVisits(c.scanner, { filter: {}, keys: [...keys], defaultZone: 'UTC', limit: 50_000, nowMs: Date.now() });
    out.push(`count ${keys} ${rows.length} ${(performance.now() - s).toFixed(0)}`);
  }
  console.log(out.join('\n'));
  await c.close();
  for (const e of engines) await e.stop();
  expect(1).toBe(1);
}, 500_000);
