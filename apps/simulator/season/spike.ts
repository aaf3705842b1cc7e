import { Random } from '../random.js';
import type { Period, SeasonSettings, SeenKind, Spike } from './season.js';

const TIMES_AS_MANY = 6;
const AT_LEAST = 25;

/** The event of a season, on the afternoon of its last whole day; undefined where none is asked for. */
export function spikeOf(settings: SeasonSettings, all: readonly Period[]): Spike | undefined {
  const { seed, trapIds, kinds, runsPerSession, spike } = settings;
  const insects = kinds.filter((kind) => kind.isInsect);
  const lastDate = all.at(-1)?.date;
  const afternoons = all.filter(({ hour }) => hour > 14 && hour < 17);
  const period = afternoons.filter(({ date }) => date !== lastDate).at(-1) ?? afternoons.at(-1);
  if (!spike || !period || insects.length === 0) return undefined;
  const chance = new Random(seed, 'spike');
  return {
    trapId: chance.pick(trapIds),
    // Of the rarer ones: the more it stands out.
    kind: chance.pick(rarer(insects)).id,
    period,
    runs: Math.max(AT_LEAST, Math.round(runsPerSession * TIMES_AS_MANY)),
  };
}

function rarer(kinds: readonly SeenKind[]): SeenKind[] {
  const mean = kinds.reduce((sum, { share }) => sum + share, 0) / kinds.length;
  const rare = kinds.filter(({ share }) => share <= mean);
  return rare.length > 0 ? rare : [...kinds];
}
