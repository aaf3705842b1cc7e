import { activity, event } from '../columns.js';
import { ACTIVITY_OF_GROUP, EVENTS_OF_TRAPS } from '../filters.js';
import { figure } from './figure.js';
import { thresholds } from './look.js';

const { field } = activity;

/** At 1 the count is at the upper bound. */
export const UNUSUAL_SCORE = 1;
/** One or two insects are no event, whatever is expected. */
export const MIN_UNUSUAL_VISITS = 3;

export const UNUSUAL = [
  `${field('score')} > ${UNUSUAL_SCORE}`,
  `${field('count')} >= ${MIN_UNUSUAL_VISITS}`,
] as const;

export const unusualHours = () =>
  figure(
    {
      de: 'Ungewöhnliche Stunden',
      en: 'Unusual hours',
      says: {
        de: 'Stunden mit mehr Besuchen als die obere Schranke, und mindestens drei.',
        en: 'Hours with more visits than the upper bound, and at least three.',
      },
    },
    {
      columns: [`count(${field('score')}) AS "hours"`],
      from: activity.from,
      where: [...ACTIVITY_OF_GROUP, ...UNUSUAL],
    },
  ).thresholds(thresholds('green', [1, 'orange']));

export const highestScore = () =>
  figure(
    {
      de: 'Höchster Wert',
      en: 'Highest score',
      says: {
        de: '1 ist die obere Schranke, 0 das Erwartete.',
        en: '1 is the upper bound, 0 what is expected.',
      },
    },
    { columns: [`max(${field('score')}) AS "score"`], from: activity.from, where: ACTIVITY_OF_GROUP },
    '–',
  )
    .decimals(2)
    .thresholds(thresholds('green', [1, 'orange'], [2, 'red']));

export const episodes = () =>
  figure(
    {
      de: 'Episoden',
      en: 'Episodes',
      says: {
        de: 'Ungewöhnliche Stunden, die zusammengehören, sind eine Episode.',
        en: 'Unusual hours that belong together are one episode.',
      },
    },
    {
      columns: [`count(${event.field('text')}) AS "episodes"`],
      from: event.from,
      where: [...EVENTS_OF_TRAPS, `${event.tag('kind')} = 'episode'`],
    },
  );
