import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { modelKey, parseCard } from './card.js';

const models = new URL('../../../models/', import.meta.url);
const names = readdirSync(models, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const valid = (): Record<string, never> =>
  JSON.parse(readFileSync(new URL('efficientnet-b0-insect-detect/model.json', models), 'utf8'));

function faultOf(change: (card: Record<string, never>) => void): string {
  const card = valid();
  change(card);
  try {
    parseCard(card);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
}

describe('a model card', () => {
  it.each(names.map(({ name }) => name).filter((name) => !['taxonomy', 'training'].includes(name)))(
    'is valid for %s',
    (name) => {
      const card = parseCard(JSON.parse(readFileSync(new URL(`${name}/model.json`, models), 'utf8')));
      expect(card.id).toBe(name);
      expect(modelKey(card)).toMatch(/^[\w.-]{1,64}$/);
    },
  );

  it('fills in the thresholds of the field where it names none', () => {
    const { decision: _, ...card } = valid();
    expect(parseCard(card).decision).toEqual({ temperature: 1, unsureBelow: 0.35, marginBelow: 0.1 });
  });

  it.each([
    ['input.layout', (card: { input: { layout: string } }) => (card.input.layout = 'HWC')],
    [
      'labels.3.index: is 7, must be 3',
      (card: { labels: { index: number }[] }) => at(card.labels, 3, { index: 7 }),
    ],
    [
      'labels.1.id: "ant" stands twice',
      (card: { labels: { id: string }[] }) => at(card.labels, 1, { id: 'ant' }),
    ],
    [
      'labels.1.id: must be 1 to 64',
      (card: { labels: { id: string }[] }) => at(card.labels, 1, { id: 'a b' }),
    ],
    ...['.', '..', '.hidden', '-a', 'a..b', 'a/b'].flatMap((name) =>
      [
        ['id', (card: { id: string }) => (card.id = name)],
        ['version', (card: { version: string }) => (card.version = name)],
        ['labels.1.id', (card: { labels: { id: string }[] }) => at(card.labels, 1, { id: name })],
        ['labels.1.group', (card: { labels: { group: string }[] }) => at(card.labels, 1, { group: name })],
        ['file.path', (card: { file: { path: string } }) => (card.file.path = name)],
      ].map(([field, change]) => [`${field}: must be `, change] as const),
    ),
    ['output.scale: is needed', (card: { output: { kind: string } }) => (card.output.kind = 'quantised')],
    ['file: needs sha256', (card: { file: { gitBlob?: string } }) => delete card.file.gitBlob],
    ['file.path: must be a file name', (card: { file: { path: string } }) => (card.file.path = '../x.onnx')],
    ['preprocess.std', (card: { preprocess: { std: number[] } }) => (card.preprocess.std = [1, 0, 1])],
    [
      'preprocess.shorterSide: must be at least 128',
      (card: { preprocess: { shorterSide?: number } }) => (card.preprocess.shorterSide = 64),
    ],
    ['licence', (card: { licence: string }) => (card.licence = '')],
  ])('is refused with the name of the field: %s', (fault, change) => {
    expect(faultOf(change as never)).toContain(fault);
  });
});

function at<T extends object>(list: T[], index: number, change: Partial<T>): void {
  Object.assign(list[index] as T, change);
}
