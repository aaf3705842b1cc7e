import { readFileSync } from 'node:fs';
import { both } from './words.js';

/** Cards whose labels are codes. Those of other models are scientific names, which people can read. */
const CARDS = ['demo', 'efficientnet-b0-insect-detect'];

interface Card {
  readonly labels: readonly {
    readonly id: string;
    readonly names: { readonly en: string; readonly de?: string };
  }[];
}

/** Label → German and English name, as the cards that come with Trapline have it. */
const labelNames = (): ReadonlyMap<string, string> =>
  new Map(
    CARDS.flatMap((card) =>
      (JSON.parse(readFileSync(`models/${card}/model.json`, 'utf8')) as Card).labels.map(
        ({ id, names: { de, en } }) => [id, de === undefined ? en : both(de, en)] as const,
      ),
    ),
  );

interface Overridden {
  overrideByName(name: string, properties: { id: string; value: unknown }[]): this;
}

/** Gives the series of a panel, each named by its label, the names that people know. */
export function withNames<P extends Overridden>(panel: P): P {
  for (const [label, name] of labelNames()) panel.overrideByName(label, [{ id: 'displayName', value: name }]);
  return panel;
}
