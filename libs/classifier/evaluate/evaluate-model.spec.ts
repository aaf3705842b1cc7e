import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { TaxonTree } from '../../domain/index.js';
import { installModel } from '../card/install-model.js';
import type { ModelPackage } from '../card/model-folders.js';
import { writeTestModel } from '../fixture/test-model.js';
import {
  type Answers,
  calibrate,
  classifyImages,
  decide,
  evaluate,
  type Outcome,
  outcomeOf,
  wilson,
} from './evaluate-model.js';
import { evaluationPage } from './evaluation-page.js';
import { labelledImages } from './labelled-images.js';

const childFile = new URL('../../../dist/libs/classifier/pool/child.js', import.meta.url);
const shared = process.env['TRAPLINE_SHARED'] ?? '';
const source = join(shared, 'models/inat-insects-with-bias');
const isThere = shared !== '' && existsSync(source);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
});
afterAll(() => rm(folder, { recursive: true }));

const insect = (id: string, index: number, order: string, family: string) => ({
  index,
  id,
  taxon: family,
  rank: 'family',
  lineage: [
    { rank: 'class', taxon: 'Insecta' },
    { rank: 'order', taxon: order },
    { rank: 'family', taxon: family },
  ],
  names: { en: id },
  kind: 'taxon' as const,
});

describe('a model on labelled pictures', () => {
  let model: ModelPackage;
  let tree: TaxonTree;
  let answers: Answers;
  beforeAll(async () => {
    const labels = [
      insect('red', 0, 'Hymenoptera', 'Apidae'),
      insect('green', 1, 'Hymenoptera', 'Vespidae'),
      insect('blue', 2, 'Diptera', 'Syrphidae'),
      { index: 3, id: 'none_grey', names: { en: 'Grey' }, kind: 'non_insect' as const },
    ];
    model = await writeTestModel(join(folder, 'model'), { card: { labels } });
    tree = new TaxonTree(labels);
    const pictures: Record<string, string[]> = {
      red: ['#e01010', '#d02020'],
      Vespidae: ['#10e010', '#e01011'],
      Hymenoptera: ['#e01012', '#10e012'],
      'Vulpes vulpes': ['#a05010'],
    };
    for (const [name, colours] of Object.entries(pictures)) {
      await mkdir(join(folder, 'pictures', name), { recursive: true });
      for (const [i, background] of colours.entries()) {
        const picture = sharp({ create: { width: 32, height: 32, channels: 3, background } });
        await picture.png().toFile(join(folder, 'pictures', name, `${i}.png`));
      }
    }
    await writeFile(join(folder, 'pictures/red/2.png'), 'no picture');
    const { images, unknown } = await labelledImages(join(folder, 'pictures'), undefined, tree);
    expect(unknown).toEqual(['Vulpes vulpes']);
    answers = await classifyImages(model, images, { childFile });
  }, 60_000);

  it('is measured by class, by level, and with its worst mistakes', async () => {
    const found = evaluate(model, answers, tree);
    expect(found).toMatchObject({ images: 6, failed: [{ name: 'red/2.png' }] });
    expect(found.top1.value).toBeCloseTo(5 / 6, 9);
    const of = (name: string) => found.classes.find(({ className }) => className === name);
    expect(of('red')).toMatchObject({ images: 2, recall: { value: 1 }, precision: { value: 0.75 } });
    expect(of('Vespidae')).toMatchObject({ recall: { value: 0.5 }, precision: { value: 1 } });
    expect(of('Hymenoptera')).toMatchObject({ recall: { value: 1 } });
    expect(found.curve.map(({ right, wrong, unsure, nothing }) => right + wrong + unsure + nothing)).toEqual(
      found.curve.map(() => 6),
    );
    expect(found.mistakes).toMatchObject([{ name: 'Vespidae/1.png', said: 'Apidae' }]);
    const page = await evaluationPage(found);
    expect(page).toContain('data:image/jpeg;base64,');
    expect(page).toContain('Vespidae, taken for Apidae');
  });

  it('is read from a table, too, and says what is expected where there is nothing', async () => {
    const table = join(folder, 'labels.csv');
    await writeFile(table, 'file,class\nred/0.png,Apidae\n"Vespidae/0.png";"green"\n');
    const { images } = await labelledImages(join(folder, 'pictures'), table, tree);
    expect(images.map(({ name, className }) => `${name} ${className}`)).toEqual([
      'Vespidae/0.png green',
      'red/0.png Apidae',
    ]);
    await expect(labelledImages(join(folder, 'model'), undefined, tree)).rejects.toMatchObject({
      message: expect.stringContaining('a folder for each class'),
    });
  });

  it('is calibrated on one half, the same one every time, and measured on the other', () => {
    const rule = { temperature: 1, level: 0.8, nothingAt: 0.6 };
    const found = calibrate(answers.answered, tree, rule);
    expect(found.fittedOn + found.heldOut).toBe(6);
    expect(
      found.curve.every(
        ({ right, wrong, unsure, nothing }) => right + wrong + unsure + nothing === found.heldOut,
      ),
    ).toBe(true);
    expect(calibrate([...answers.answered].reverse(), tree, rule)).toEqual(found);
  });
});

it('an interval is that of Wilson', () => {
  const { low, high } = wilson(8, 10);
  expect([low, high].map((value) => Number(value.toFixed(3)))).toEqual([0.49, 0.943]);
  expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
  expect(wilson(5, 5).high).toBe(1);
});

/** Orders of the classes of the trap; the first word of a picture's name is enough. */
const ORDERS: Readonly<Record<string, string>> = {
  ant: 'Hymenoptera',
  bee: 'Hymenoptera',
  wasp: 'Hymenoptera',
  beetle: 'Coleoptera',
  bug: 'Hemiptera',
  fly: 'Diptera',
  hfly: 'Diptera',
  lepi: 'Lepidoptera',
  scorpionfly: 'Mecoptera',
  none: 'none',
};

(isThere ? describe : describe.skip)(
  `inat-insects on real crops${isThere ? '' : ' (skipped: TRAPLINE_SHARED is not set)'}`,
  () => {
    it('is right, wrong and uncertain as often as its card promises', async () => {
      const models = new URL('../../../models/', import.meta.url).pathname;
      const options = {
        into: join(folder, 'installed'),
        registry: join(models, 'registry.json'),
        knownCardsDir: models,
      };
      const model = await installModel(source, { ...options, childFile });
      const tree = new TaxonTree(model.card.labels);
      expect(tree.isComplete).toBe(true);
      const rule = { temperature: 1, level: 0.8, nothingAt: 0.6, ...model.card.decision.taxa };
      const rows = [
        ...readdirSync(join(shared, 'data/trap-crops-27-classes')).map((file) => [
          `trap-crops-27-classes/${file}`,
          ORDERS[file.split('_')[0] as string],
        ]),
        ...readdirSync(join(shared, 'data/honeybee-crops')).map((file) => [
          `honeybee-crops/${file}`,
          'Hymenoptera',
        ]),
      ].filter(([, name]) => name);
      const table = join(folder, 'real.csv');
      await writeFile(table, rows.map((row) => row.join(',')).join('\n'));
      const { images } = await labelledImages(join(shared, 'data'), table, tree);
      const { answered } = await classifyImages(model, images, { childFile });
      const outcomes = (of: typeof answered, crops = 1) => {
        const counts: Record<Outcome, number> = { right: 0, wrong: 0, unsure: 0, nothing: 0 };
        for (let i = 0; i + crops <= of.length; i += crops) {
          const run = of.slice(i, i + crops);
          const vectors = run.map(({ vector }) => vector);
          counts[outcomeOf(decide(vectors, tree, rule), (run[0] as (typeof answered)[number]).truth)] += 1;
        }
        return counts;
      };
      const bees = answered.filter(({ name }) => name.startsWith('honeybee'));
      const trap = answered.filter(({ name }) => name.startsWith('trap'));
      const insects = outcomes(trap.filter(({ truth }) => truth.kind === 'taxon'));
      expect(insects.right).toBeGreaterThanOrEqual(12);
      expect(insects.wrong).toBeLessThanOrEqual(1);
      const empty = outcomes(trap.filter(({ truth }) => truth.kind === 'nothing'));
      expect(empty).toMatchObject({ wrong: 0 });
      const single = outcomes(bees);
      expect(single.right).toBeGreaterThanOrEqual(65);
      expect(single.wrong).toBeLessThanOrEqual(2);
      expect(outcomes(bees, 5)).toEqual({ right: 20, wrong: 0, unsure: 0, nothing: 0 });
      const honeybee = model.card.labels.findIndex(({ id }) => id === 'Apis_mellifera');
      const species = Array.from({ length: 20 }, (_, i) =>
        decide(
          bees.slice(5 * i, 5 * i + 5).map(({ vector }) => vector),
          tree,
          rule,
        ),
      );
      expect(species.filter((decision) => decision?.label === honeybee).length).toBeGreaterThanOrEqual(17);
    }, 180_000);
  },
);
