import { readFileSync } from 'node:fs';

/** As GBIF and Darwin Core divide the world; Central America and the Caribbean belong to North America, Hawaii to Oceania. */
export const CONTINENTS = ['Africa', 'Asia', 'Europe', 'North America', 'Oceania', 'South America'] as const;
export type Continent = (typeof CONTINENTS)[number];

export interface TaxonomyEntry {
  readonly taxon: string;
  readonly rank: 'class' | 'order' | 'family' | 'genus' | 'species' | 'subspecies';
  /** From the class down to the taxon itself. */
  readonly lineage: readonly { readonly rank: string; readonly taxon: string }[];
  /** Its family's; of an order, the group in which most of what is known no further is counted. */
  readonly group?: string | undefined;
  readonly names: { readonly en?: string; readonly de?: string };
  /** Where it lives, native or established; empty where the tables do not say. */
  readonly continents: readonly Continent[];
}

/** Compiled, this file lies one folder deeper, in `dist/libs/`. */
const ROOT = import.meta.url.endsWith('/dist/libs/classifier/card/taxonomy.js')
  ? '../../../../'
  : '../../../';

let tables: ReadonlyMap<string, TaxonomyEntry> | undefined;

/** All that `models/taxonomy/` holds, from the orders down, by scientific name. Read once. */
export function taxonomy(): ReadonlyMap<string, TaxonomyEntry> {
  tables ??= readTables();
  return tables;
}

/**
 * What the tables know of a taxon. A species that they do not list has the lineage and group of its genus, where that
 * is listed, and neither names nor continents.
 *
 * @param taxon scientific name without author, of any rank from order to subspecies
 */
export function taxonomyOf(taxon: string): TaxonomyEntry | undefined {
  const known = taxonomy().get(taxon);
  if (known) return known;
  const parent = taxon.slice(0, Math.max(0, taxon.lastIndexOf(' ')));
  const above = parent && /^[a-z-]+$/.test(taxon.slice(parent.length + 1)) && taxonomyOf(parent);
  return above && above.rank !== 'subspecies' ? below(above, taxon) : undefined;
}

function readTables(): Map<string, TaxonomyEntry> {
  const entries = new Map<string, TaxonomyEntry>();
  const add = (row: Row, rank: 'order' | 'family' | 'genus', above: TaxonomyEntry) =>
    entries.set(row[rank] as string, {
      taxon: row[rank] as string,
      rank,
      lineage: [...above.lineage, { rank, taxon: row[rank] as string }],
      group: row['group'] || above.group,
      ...namesAndContinents(row),
    });
  for (const row of readTable('orders')) {
    const taxon = row['class'] as string;
    const above = {
      taxon,
      rank: 'class',
      lineage: [{ rank: 'class', taxon }],
      names: {},
      continents: [],
    } as const;
    add(row, 'order', above);
  }
  for (const row of readTable('families'))
    add(row, 'family', entries.get(row['order'] as string) as TaxonomyEntry);
  for (const row of readTable('genera'))
    add(row, 'genus', entries.get(row['family'] as string) as TaxonomyEntry);
  for (const row of readTable('species')) {
    const taxon = row['species'] as string;
    const [genus, epithet, sub] = taxon.split(' ');
    const species = below(entries.get(genus as string) as TaxonomyEntry, `${genus} ${epithet}`);
    entries.set(taxon, { ...(sub ? below(species, taxon) : species), ...namesAndContinents(row) });
  }
  return entries;
}

function below(above: TaxonomyEntry, taxon: string): TaxonomyEntry {
  const rank = above.rank === 'genus' ? 'species' : 'subspecies';
  const lineage = [...above.lineage, { rank, taxon }];
  return { taxon, rank, lineage, group: above.group, names: {}, continents: [] };
}

type Row = Readonly<Record<string, string>>;

const namesAndContinents = (row: Row) => ({
  names: { ...(row['en'] && { en: row['en'] }), ...(row['de'] && { de: row['de'] }) },
  continents: (row['continents'] ? row['continents'].split(', ') : []) as Continent[],
});

/** Rows of `models/taxonomy/<name>.tsv` by the names of the columns in its first line. */
export function readTable(name: 'orders' | 'families' | 'genera' | 'species'): Row[] {
  const text = readFileSync(new URL(`${ROOT}models/taxonomy/${name}.tsv`, import.meta.url), 'utf8');
  const [head = [], ...rows] = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
  return rows.map((row) => Object.fromEntries(head.map((column, at) => [column, row[at]?.trim() ?? ''])));
}
