import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { groupVotes, insectDetectRows, observe } from '../../../libs/domain/index.js';
import { type ClassifiedCrop, putClassified } from '../../../test/fixtures/classified-crops.js';
import { readTable } from '../../../test/fixtures/read-csv.js';
import { openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
});
afterAll(() => api.close());

type Row = Record<string, string>;
const rows = async (table: string, trap: string): Promise<Row[]> =>
  readTable(await (await api.get(`/api/v1/downloads/${table}.csv?trap=${trap}`)).text());
const trackOf = (row: Row) => `${row['cam_ID']}/${row['rec_ID']}/${row['track_ID']}`;
const near = (a: string | undefined, b: string | undefined) => Math.abs(Number(a) - Number(b)) <= 0.010001;

/** What a program makes of `crops.csv` that groups it as insect-detect's post-processing does. */
function verdictsOf(crops: readonly Row[]) {
  const tracks = new Map<string, Row[]>();
  for (const row of crops) tracks.set(trackOf(row), [...(tracks.get(trackOf(row)) ?? []), row]);
  return new Map(
    [...tracks].map(([track, of]) => {
      const votes = of.map((row) => ({ label: row['top1'] ?? '', probability: Number(row['top1_prob']) }));
      return [track, insectDetectRows(groupVotes(votes))[0]] as const;
    }),
  );
}

it('crops.csv, put through the rule of insect-detect, gives the observations of the service', async () => {
  const labels = ['bee', 'fly', 'wasp', 'none_dirt'];
  const expected = new Map<string, string | undefined>();
  for (let run = 0; run < 40; run++) {
    const crops = Array.from({ length: 1 + (run % 9) }, (_, i): ClassifiedCrop => {
      const label = labels[(run * 7 + i * (run % 5)) % 4] as string;
      return { cropId: `${i}`, ranked: [{ label, probability: 0.3 + ((run * 13 + i * 29) % 61) / 100 }] };
    });
    await putClassified(api.catalog, { trapId: 'own', runId: `r${run}` }, crops);
    const votes = groupVotes(crops.flatMap(({ ranked = [] }) => ranked));
    expected.set(`own/r${run}/r${run}`, observe(votes, new Map())?.label);
  }
  const verdicts = verdictsOf(await rows('crops', 'own'));
  expect(new Map([...verdicts].map(([track, best]) => [track, best?.label]))).toEqual(expected);
  const final = await rows('top1-final', 'own');
  expect(new Map(final.map((row) => [trackOf(row), row['top1']]))).toEqual(expected);
});

const golden = `${process.env['TRAPLINE_SHARED']}/data/oracle-golden`;

(existsSync(golden) ? describe : describe.skip)('what the published program was given', () => {
  for (const folder of ['case1', 'case2_ties_and_timestamps']) {
    const read = (ending: string): Row[] => {
      const name = readdirSync(`${golden}/${folder}`).find((entry) => entry.endsWith(ending));
      return readTable(readFileSync(`${golden}/${folder}/${name}`, 'utf8'));
    };

    it(`comes out of top1-final.csv and of crops.csv as that program has it: ${folder}`, async () => {
      const given = read('_classified.csv');
      const traps = new Set(given.map((row) => `${folder.slice(0, 5)}-${row['cam_ID']}`));
      await seed(given, folder.slice(0, 5));
      for (const trap of traps) {
        const final = new Map((await rows('top1-final', trap)).map((row) => [trackOf(row), row]));
        const verdicts = verdictsOf(await rows('crops', trap));
        const theirs = read('top1_final.csv').filter((row) => trap.endsWith(`-${row['cam_ID']}`));
        expect(theirs.length).toBeGreaterThan(0);
        for (const their of theirs) {
          const track = `${trap}/${their['rec_ID']}/${their['track_ID']}`;
          const our = final.get(track);
          expect([track, our?.['top1'], verdicts.get(track)?.label]).toEqual([
            track,
            their['top1'],
            their['top1'],
          ]);
          expect([our?.['track_ID_imgs'], our?.['top1_imgs']]).toEqual([
            their['track_ID_imgs'],
            their['top1_imgs'],
          ]);
          for (const figure of ['top1_prob_mean', 'top1_prob_weighted'])
            expect([track, figure, near(our?.[figure], their[figure])]).toEqual([track, figure, true]);
          // The other case has times that pandas does not read, and sizes in millimetres.
          if (folder === 'case1') {
            expect(near(our?.['duration_s'], their['duration_s'])).toBe(true);
            expect(near(our?.['det_conf_mean'], their['det_conf_mean'])).toBe(true);
            expect(our?.['date']).toBe(their['date']);
            expect(our?.['start_time']?.slice(0, 23)).toBe(their['start_time']?.slice(0, 23));
          } else {
            expect(near(our?.['bbox_length_mean'], their['bbox_length_mean'])).toBe(true);
            expect(near(our?.['bbox_width_mean'], their['bbox_width_mean'])).toBe(true);
          }
        }
      }
    });
  }

  async function seed(given: readonly Row[], prefix: string): Promise<void> {
    for (const track of new Set(given.map(trackOf))) {
      const [cam, session = '', number = ''] = track.split('/');
      const crops = given
        .filter((row) => trackOf(row) === track)
        .map((row, i): ClassifiedCrop => {
          const atMs = Date.parse(`${row['timestamp']?.slice(0, 23)}Z`);
          return {
            cropId: String(i).padStart(4, '0'),
            ...(Number.isNaN(atMs) ? {} : { atMs }),
            confidence: Number(row['confidence']),
            box: ['x_min', 'y_min', 'x_max', 'y_max'].map((side) => Number(row[side])),
            ranked: [{ label: row['top1'] ?? '', probability: Number(row['top1_prob']) }],
          };
        });
      const run = { trapId: `${prefix}-${cam}`, runId: `${session}-${number}` };
      await putClassified(api.catalog, run, crops, {
        session_id: session,
        track_id: number,
        start_offset_min: 0,
      });
    }
  }
});
