import type { Random } from '../random.js';
import { ant } from './kinds/ant.js';
import { bee } from './kinds/bee.js';
import { beetle } from './kinds/beetle.js';
import { butterfly } from './kinds/butterfly.js';
import { hoverfly } from './kinds/hoverfly.js';
import { ladybird } from './kinds/ladybird.js';
import { wasp } from './kinds/wasp.js';

/** A kind of insect that can be drawn. These are drawings, and nothing that is said of them holds for real insects. */
interface DrawnKind {
  /** The label that the demo model has for it. */
  readonly id: string;
  readonly names: { readonly en: string; readonly de: string };
  /** What panels and the watch for unusual activity sum up; undefined where there is no insect. */
  readonly group?: string;
  /** Body length beside that of the others. */
  readonly size: number;
  /** How often it comes beside the others. */
  readonly share: number;
  /** Local hour when most of them are about. */
  readonly peakHour: number;
  /**
   * SVG, head up around (0, 0), about 100 units long.
   *
   * @param look the individual: colours, proportions, spots
   * @param pose the moment: wings, legs
   */
  readonly shape?: (look: Random, pose: Random) => string;
}

const names = (en: string, de: string) => ({ en: `${en} (drawn)`, de: `${de} (gezeichnet)` });

/** In the order of the demo model's output. */
export const DRAWN_KINDS: readonly DrawnKind[] = [
  {
    id: 'drawn_ant',
    names: names('Ant', 'Ameise'),
    group: 'ants',
    size: 0.72,
    share: 2,
    peakHour: 10,
    shape: ant,
  },
  {
    id: 'drawn_bee',
    names: names('Bee', 'Biene'),
    group: 'bees',
    size: 0.95,
    share: 5,
    peakHour: 12,
    shape: bee,
  },
  {
    id: 'drawn_beetle',
    names: names('Beetle', 'Käfer'),
    group: 'beetles',
    size: 1,
    share: 1.5,
    peakHour: 15,
    shape: beetle,
  },
  {
    id: 'drawn_butterfly',
    names: names('Butterfly', 'Falter'),
    group: 'butterflies',
    size: 1.05,
    share: 1,
    peakHour: 14,
    shape: butterfly,
  },
  {
    id: 'drawn_hoverfly',
    names: names('Hoverfly', 'Schwebfliege'),
    group: 'hoverflies',
    size: 0.9,
    share: 4,
    peakHour: 11,
    shape: hoverfly,
  },
  {
    id: 'drawn_ladybird',
    names: names('Ladybird', 'Marienkäfer'),
    group: 'beetles',
    size: 0.85,
    share: 1.5,
    peakHour: 13,
    shape: ladybird,
  },
  {
    id: 'drawn_wasp',
    names: names('Wasp', 'Wespe'),
    group: 'wasps',
    size: 0.95,
    share: 1.5,
    peakHour: 16,
    shape: wasp,
  },
  {
    id: 'none_background',
    names: { en: 'Background', de: 'Hintergrund' },
    size: 1,
    share: 1.5,
    peakHour: 13,
  },
];

/** @throws RangeError if there is no such kind */
export function drawnKind(id: string): DrawnKind {
  const kind = DRAWN_KINDS.find((candidate) => candidate.id === id);
  if (!kind)
    throw new RangeError(`nothing is drawn as ${id}: there are ${DRAWN_KINDS.map((k) => k.id).join(', ')}`);
  return kind;
}
