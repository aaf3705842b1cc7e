import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { eventually } from './fixtures/eventually.js';
import { readingModel, tellingPicture } from './fixtures/reading-model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

/** Where outputs of the published program lie; without them the tests below are skipped. */
const shared = process.env['TRAPLINE_SHARED'];
const golden = `${shared}/data/oracle-golden`;
const isThere = shared !== undefined && existsSync(golden);
const LIMIT_MS = 180_000;
type Row = Record<string, string>;

let folder: string | undefined;
let station: Station | undefined;
afterAll(async () => {
  await station?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const rowsOf = (file: string): Row[] => {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  return lines.map((line) =>
    Object.fromEntries(head.split(',').map((name, at) => [name, line.split(',')[at] ?? ''])),
  );
};
const rowsIn = (which: string, suffix: string): Row[] => {
  const name = readdirSync(join(golden, which)).find((entry) => entry.endsWith(suffix));
  return rowsOf(join(golden, which, name as string));
};
/** `2026-06-01_08-00-03-250000`, whichever way it was written. */
const fileTime = (timestamp: string): string => {
  const [, date = '', clock = '', fraction = ''] =
    /^(\d{4}-?\d\d-?\d\d)[T_](\d\d[:-]\d\d[:-]\d\d)(?:\.(\d+))?$/.exec(timestamp) ?? [];
  const day = date.replaceAll('-', '');
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}_${clock.replaceAll(':', '-')}-${fraction.padEnd(6, '0')}`;
};

/** Lays the rows of one trap out as it has written them, a session per recording. @returns recording → session */
async function layOut(
  data: string,
  rows: readonly Row[],
  labels: readonly string[],
): Promise<Map<string, string>> {
  const sessions = new Map<string, string>();
  for (const [at, session] of [...new Set(rows.map((row) => row['rec_ID'] as string))].entries()) {
    const name = `2026-06-01_0${at}-00-00`;
    sessions.set(session, `20260601T0${at}0000`);
    const crops = join(data, '2026-06-01', name, 'crop', 'insect');
    mkdirSync(crops, { recursive: true });
    const own = rows.filter((row) => row['rec_ID'] === session);
    const columns = [
      'cam_ID',
      'rec_ID',
      'timestamp',
      'label',
      'confidence',
      'track_ID',
      'x_min',
      'y_min',
      'x_max',
      'y_max',
    ];
    const lines = own.map((row) => columns.map((column) => row[column]).join());
    writeFileSync(
      join(data, '2026-06-01', name, `${name}_metadata.csv`),
      `${[columns.join(), ...lines].join('\n')}\n`,
    );
    for (const row of own)
      writeFileSync(
        join(crops, `${fileTime(row['timestamp'] as string)}_ID${row['track_ID']}_crop.jpg`),
        await tellingPicture(labels, row['top1'] as string, Number(row['top1_prob'])),
      );
  }
  return sessions;
}

(isThere ? describe : describe.skip)('the observations of a folder', () => {
  for (const which of ['case1', 'case2_ties_and_timestamps'])
    it(
      `are those of the published program for ${which}, from the card to REST`,
      async () => {
        const rows = rowsIn(which, 'metadata_classified.csv');
        const labels = [...new Set(rows.map((row) => row['top1'] as string))].sort();
        const model = readingModel(labels);
        folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
        station = await Station.start({ TRAPLINE_MODEL: model, TRAPLINE_RECEIPT_WAIT_S: '1' });
        const runIds = new Map<string, string>();
        for (const cam of new Set(rows.map((row) => row['cam_ID'] as string))) {
          const place = join(folder, cam);
          mkdirSync(join(place, 'data'), { recursive: true });
          const own = rows.filter((row) => row['cam_ID'] === cam);
          for (const [session, id] of await layOut(join(place, 'data'), own, labels))
            runIds.set(`${cam}/${session}`, id);
          const file = agentSettings(place, station, cam, await station.addTrap(cam));
          expect((await RunningAgent.start(file, '--once').ended).status).toBe(0);
        }
        const count = new Set(rows.map((row) => `${row['cam_ID']}/${row['rec_ID']}/${row['track_ID']}`)).size;
        const at = station;
        const runs = await eventually(async () => {
          const all = await allRuns(at);
          return all.length === count && all.every(({ observation }) => observation?.final) && all;
        }, LIMIT_MS);
        const final = rowsIn(which, 'top1_final.csv');
        expect(final.length).toBeGreaterThan(0);
        for (const row of final) {
          const runId = `${runIds.get(`${row['cam_ID']}/${row['rec_ID']}`)}-${row['track_ID']}`;
          const run = runs.find((each) => each.trapId === row['cam_ID'] && each.runId === runId);
          expect([runId, run?.observation?.label, run?.storedCrops]).toEqual([
            runId,
            row['top1'],
            Number(row['track_ID_imgs']),
          ]);
          const away = Math.abs((run?.observation?.probability ?? 0) - Number(row['top1_prob_weighted']));
          expect([runId, away]).toEqual([runId, expect.any(Number)]);
          expect(away).toBeLessThanOrEqual(0.01);
        }
        await station.remove();
        rmSync(folder, { recursive: true, force: true });
        rmSync(model, { recursive: true, force: true });
      },
      LIMIT_MS,
    );
});
