import { z } from 'zod';
import { count } from '../http/index.js';
import type { TaxonEntry } from './search-taxa.js';
import type { Seen, TaxonIndex } from './taxon-index.js';

/** Beside every label and taxon that a person may read. */
export const NAMES = z.strictObject({ en: z.string().optional(), de: z.string().optional() }).meta({
  id: 'Names',
  description: 'What people call it, in English and German; left out where no name is known',
});

/** Beside every group. */
export const GROUP_NAMES = z.strictObject({ en: z.string(), de: z.string() }).meta({
  id: 'GroupNames',
  description: 'What people call the group, in the plural; left out where no name is known',
});

export const TAXON = z
  .strictObject({
    label: z.string(),
    taxon: z.string().optional(),
    rank: z.string().optional(),
    group: z.string().optional(),
    groupNames: GROUP_NAMES.optional(),
    names: NAMES.optional(),
    kind: z.enum(['taxon', 'non_insect', 'other']),
    insect: z.boolean().meta({ description: 'Counts as an insect' }),
    active: z.boolean().meta({
      description:
        'A label of the active model, which a review names as `label`. Any other is named as `taxon`',
    }),
    used: count().meta({ description: 'Reviews that name it' }),
    hasNote: z.boolean().meta({ description: 'There is a sentence about it' }),
  })
  .meta({ id: 'Taxon', description: 'Something that a run can be relabelled to' });

export const TAXA = z.strictObject({ items: z.array(TAXON) });

const NOTE = z
  .strictObject({
    of: z.string().meta({ description: 'The taxon or label that it is about: it may be a higher one' }),
    en: z.string(),
    de: z.string(),
    source: z.strictObject({ title: z.string(), url: z.url().optional() }),
  })
  .meta({ id: 'TaxonNote', description: 'One sentence for people who have just seen it' });

export const TAXON_IN_FULL = TAXON.extend({
  lineage: z
    .array(z.strictObject({ rank: z.string(), taxon: z.string(), names: NAMES.optional() }))
    .meta({ description: 'From the root down to itself' }),
  models: z.array(z.string()).meta({ description: 'Installed models that have it' }),
  note: NOTE.nullable(),
}).meta({ id: 'TaxonInFull' });

export const EXAMPLE_TAXON: z.output<typeof TAXON> = {
  label: 'hfly_episyr',
  taxon: 'Episyrphus balteatus',
  rank: 'species',
  group: 'hoverflies',
  groupNames: { en: 'hoverflies', de: 'Schwebfliegen' },
  names: { en: 'Marmalade hoverfly', de: 'Hainschwebfliege' },
  kind: 'taxon',
  insect: true,
  active: true,
  used: 31,
  hasNote: true,
};

export const EXAMPLE_TAXON_IN_FULL: z.output<typeof TAXON_IN_FULL> = {
  ...EXAMPLE_TAXON,
  lineage: [
    { rank: 'order', taxon: 'Diptera', names: { en: 'Fly', de: 'Zweiflügler' } },
    { rank: 'family', taxon: 'Syrphidae', names: { en: 'Hoverfly', de: 'Schwebfliege' } },
    {
      rank: 'species',
      taxon: 'Episyrphus balteatus',
      names: { en: 'Marmalade hoverfly', de: 'Hainschwebfliege' },
    },
  ],
  models: ['efficientnet-b0-insect-detect-1.0'],
  note: {
    of: 'Episyrphus balteatus',
    en: 'Every autumn great numbers migrate south; its larvae eat aphids by the hundred.',
    de: 'Jeden Herbst wandern sehr viele nach Süden; die Larven fressen Hunderte Blattläuse.',
    source: { title: 'Wotton et al. (2019)', url: 'https://doi.org/10.1016/j.cub.2019.05.036' },
  },
};

/** `names`, where there are any: to be spread into an answer beside the label or taxon. */
export function namesField(index: TaxonIndex, seen: Seen): { names?: z.output<typeof NAMES> } {
  const names = index.namesOf(seen);
  return names ? { names } : {};
}

/** `groupNames`, where there are any. */
export function groupNamesField(
  index: TaxonIndex,
  group: string | null | undefined,
): { groupNames?: z.output<typeof GROUP_NAMES> } {
  const groupNames = index.groupNamesOf(group);
  return groupNames ? { groupNames } : {};
}

export const taxonView = (entry: TaxonEntry, index: TaxonIndex): z.output<typeof TAXON> => ({
  label: entry.label,
  taxon: entry.taxon,
  rank: entry.rank,
  group: entry.group,
  ...groupNamesField(index, entry.group),
  names: entry.names,
  kind: entry.kind,
  insect: entry.kind !== 'non_insect',
  active: entry.active,
  used: entry.used,
  hasNote: index.noteOf(entry) !== undefined,
});

export function taxonInFullView(entry: TaxonEntry, index: TaxonIndex): z.output<typeof TAXON_IN_FULL> {
  const { taxon, models } = entry;
  const note = index.noteOf(entry);
  const lineage = taxon === undefined ? [] : index.lineageOf(taxon);
  return {
    ...taxonView(entry, index),
    lineage: lineage.map((step) => ({ ...step, ...namesField(index, { taxon: step.taxon }) })),
    models: [...models],
    note: note ? { of: note.of[0], en: note.en, de: note.de, source: note.source } : null,
  };
}
