import type { Random } from '../random.js';
import type { Crop, RunFaults } from './season.js';

const NONE: RunFaults = { shuffled: false, repeated: 0, brokenMeta: false };

/** How the messages of a run go wrong. One whose crops come in two versions keeps its order, so that it is known which stays. */
export function runFaults(chance: Random, crops: readonly Crop[], withFaults: boolean): RunFaults {
  if (!withFaults) return NONE;
  return {
    shuffled: chance.chance(0.25),
    repeated: chance.chance(0.2) ? chance.whole(1, 3) : 0,
    dropAfter: chance.chance(0.06) ? chance.whole(1, crops.length + 1) : undefined,
    brokenMeta: chance.chance(0.03),
  };
}
