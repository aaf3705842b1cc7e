import type { Alarm } from '../../libs/domain/index.js';
import { groupNames } from '../taxa/index.js';

const DAY_H = 24;

/**
 * What was unusual in one plain sentence: the most unusual hour of an episode, by the clock of the trap.
 *
 * @param alarms at least one
 */
export function episodeSentence(group: string, alarms: readonly Alarm[]): { en: string; de: string } {
  const worst = alarms.reduce((a, b) => (b.score > a.score ? b : a));
  const { count, upper } = worst;
  const [from, to] = [worst.hour % DAY_H, (worst.hour % DAY_H) + 1];
  const { en, de } = groupNames(group) ?? { en: group, de: group };
  const expected =
    upper > 0
      ? { en: `up to ${upper} were to be expected`, de: `zu erwarten waren bis zu ${upper}` }
      : { en: 'none was to be expected', de: 'zu erwarten war keiner' };
  return {
    en: `Unusually many ${en}: ${count} ${count === 1 ? 'visit' : 'visits'} between ${from} and ${to} h; ${expected.en}.`,
    de: `Ungewöhnlich viele ${de}: ${count} ${count === 1 ? 'Besuch' : 'Besuche'} zwischen ${from} und ${to} Uhr; ${expected.de}.`,
  };
}
