import { run } from '../columns.js';
import { FALSE_SIGHTINGS, VISITS_OF_LABELS } from '../filters.js';
import type { Words } from '../words.js';
import { figure } from './figure.js';
import { reduceTo } from './look.js';

/** The one way to count: a point is a visit, and every point has a probability. */
export const COUNT = `count(${run.field('probability')}) AS "visits"`;

const ONE_IS_ONE = {
  de: 'Ein Besuch ist ein Insekt, einmal gezählt, egal wie viele Bilder es gibt.',
  en: 'A visit is one insect, counted once, however many pictures there are.',
};

export const visits = (words: Pick<Words, 'de' | 'en'>) =>
  figure({ ...words, says: ONE_IS_ONE }, { columns: [COUNT], from: run.from, where: VISITS_OF_LABELS });

/** Whatever range the dashboard shows. */
export const visitsInAll = () =>
  visits({ de: 'Besuche insgesamt', en: 'Visits in all' }).timeFrom('10y').hideTimeOverride(true);

/** Days without any visit count as days. */
export const visitsPerDayMean = () =>
  figure(
    {
      de: 'Besuche je Tag im Mittel',
      en: 'Visits per day, mean',
      says: {
        de: 'Tage ohne Besuch zählen mit. Angebrochene Tage am Rand des Zeitraums auch.',
        en: 'Days without a visit count. So do the unfinished days at the ends of the period.',
      },
    },
    {
      columns: [COUNT],
      from: run.from,
      where: VISITS_OF_LABELS,
      groupBy: ['time(1d)'],
      fill: 0,
      inTrapsZone: true,
    },
  )
    .reduceOptions(reduceTo('mean'))
    .decimals(1);

export const crops = () =>
  figure(
    {
      de: 'Bilder dazu',
      en: 'Crops of these',
      says: {
        de: 'Bilder, die zu diesen Besuchen gehören. Sie werden nie statt der Besuche gezählt.',
        en: 'Crops that belong to these visits. They are never counted instead of visits.',
      },
    },
    { columns: [`sum(${run.field('crops')}) AS "crops"`], from: run.from, where: VISITS_OF_LABELS },
  );

export const falseSightings = () =>
  figure(
    {
      de: 'Fehlalarme',
      en: 'False sightings',
      says: {
        de: 'Was das Modell für kein Insekt hält. In keiner anderen Zahl enthalten.',
        en: 'What the model takes for no insect. In no other figure.',
      },
    },
    { columns: [COUNT], from: run.from, where: FALSE_SIGHTINGS },
  );

export const unsureShare = () =>
  figure(
    {
      de: 'Anteil unsicher',
      en: 'Share unsure',
      says: {
        de: 'Anteil der Besuche, bei denen das Modell nicht sicher ist.',
        en: 'Share of the visits of which the model is not sure.',
      },
    },
    { columns: [`mean(${run.field('unsure')}) AS "unsure"`], from: run.from, where: VISITS_OF_LABELS },
  )
    .unit('percentunit')
    .decimals(1);
