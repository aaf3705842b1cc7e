import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { insectDetectRows, round2 } from './insect-detect.js';
import { observe } from './observation.js';
import { groupVotes } from './votes.js';

const vote = (label: string, probability: number) => ({ label, probability });

describe('insectDetectRows', () => {
  it('rounds halves to the even digit, on binary floats', () => {
    expect([0.125, 0.135, 0.305, 0.285, 0.375, 0.015, 1].map(round2)).toEqual([
      0.12, 0.14, 0.3, 0.28, 0.38, 0.02, 1,
    ]);
  });

  it('gives a tie of three to the alphabetically first label', () => {
    expect(insectDetectRows(groupVotes([vote('wasp', 0.5), vote('bee', 0.5), vote('ant', 0.5)]))).toEqual(
      ['ant', 'bee', 'wasp'].map((label) => ({
        label,
        top1Crops: 1,
        crops: 3,
        top1ProbMean: 0.5,
        top1ProbWeighted: 0.17,
      })),
    );
  });

  it('rounds the mean before it weighs it', () => {
    // Unrounded, fly would weigh 0.6149 / 2 = 0.307, which is 0.31.
    const rows = insectDetectRows(groupVotes([vote('hfly', 0.66), vote('fly', 0.6149)]));
    expect(rows[1]).toEqual({
      label: 'fly',
      top1Crops: 1,
      crops: 2,
      top1ProbMean: 0.61,
      top1ProbWeighted: 0.3,
    });
  });

  it('makes a tie of what differs by less than the rounding', () => {
    const near = groupVotes([vote('b', 0.504), vote('a', 0.501)]);
    expect(insectDetectRows(near)[0]?.label).toBe('a');
    expect(observe(near, new Map())?.label).toBe('b');
  });
});

/** Where outputs of the published program lie; without them the tests below are skipped. */
const shared = process.env['TRAPLINE_SHARED'];
const golden = `${shared}/data/oracle-golden`;

(shared && existsSync(golden) ? describe : describe.skip)('against the published program', () => {
  const rowsOf = (file: string): Record<string, string>[] => {
    const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    const columns = head.split(',');
    return lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, at) => [columns[at] ?? '', cell])),
    );
  };
  const runOf = (row: Record<string, string>): string =>
    `${row['cam_ID']}/${row['rec_ID']}/${row['track_ID']}`;

  // Named here, and read only inside the tests, so that a skip shows what was skipped.
  for (const folder of ['case1', 'case2_ties_and_timestamps']) {
    const rowsIn = (suffix: string): Record<string, string>[] => {
      const name = readdirSync(`${golden}/${folder}`).find((entry) => entry.endsWith(suffix));
      return rowsOf(`${golden}/${folder}/${name}`);
    };
    const runsIn = (): string[] => [...new Set(rowsIn('metadata_classified.csv').map(runOf))];
    const votesOf = (run: string) =>
      groupVotes(
        rowsIn('metadata_classified.csv')
          .filter((row) => runOf(row) === run)
          .map((row) => vote(row['top1'] ?? '', Number(row['top1_prob']))),
      );

    it(`writes every row of ${folder}`, () => {
      const all = rowsIn('top1_all.csv');
      const ours = runsIn().flatMap((run) => insectDetectRows(votesOf(run)));
      expect(all.length).toBeGreaterThan(0);
      expect(ours).toHaveLength(all.length);
      for (const row of all) {
        const our = insectDetectRows(votesOf(runOf(row))).find(({ label }) => label === row['top1']);
        expect(our).toEqual({
          label: row['top1'],
          top1Crops: Number(row['top1_imgs']),
          crops: Number(row['track_ID_imgs']),
          top1ProbMean: Number(row['top1_prob_mean']),
          top1ProbWeighted: Number(row['top1_prob_weighted']),
        });
      }
    });

    it(`chooses every final label of ${folder}, rounded or not`, () => {
      const final = rowsIn('top1_final.csv');
      expect(final.length).toBeGreaterThan(0);
      for (const row of final) {
        const rounded = insectDetectRows(votesOf(runOf(row)))[0];
        const exact = observe(votesOf(runOf(row)), new Map());
        expect([runOf(row), rounded?.label, exact?.label]).toEqual([runOf(row), row['top1'], row['top1']]);
        expect(Math.abs((exact?.probability ?? 0) - Number(row['top1_prob_weighted']))).toBeLessThanOrEqual(
          0.01,
        );
      }
    });

    it(`weighs every label of ${folder} within 0.01 without rounding`, () => {
      for (const row of rowsIn('top1_all.csv')) {
        const ranked = observe(votesOf(runOf(row)), new Map())?.ranking.find(
          ({ label }) => label === row['top1'],
        );
        expect(ranked?.top1Crops).toBe(Number(row['top1_imgs']));
        expect(
          Math.abs((ranked?.top1ProbWeighted ?? 0) - Number(row['top1_prob_weighted'])),
        ).toBeLessThanOrEqual(0.01);
      }
    });
  }
});
