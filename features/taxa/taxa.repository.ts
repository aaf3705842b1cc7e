import { type Db, number, ofTraps } from '../../libs/database/index.js';

/** A label that people have given runs, and how many reviews name it. */
export interface UsedLabel {
  readonly label: string;
  readonly taxon: string | undefined;
  readonly rank: string | undefined;
  readonly group: string | undefined;
  readonly insect: boolean;
  readonly times: number;
}

/**
 * Of reviews that named the same label differently over time, the newest.
 *
 * @param trapIds of runs of these traps only; undefined: of all
 */
export async function usedLabels(db: Db, trapIds?: readonly string[]): Promise<UsedLabel[]> {
  const rows = await db
    .selectFrom('reviews')
    .select(({ fn }) => [
      'label',
      'taxon',
      'rank',
      'taxon_group',
      'insect',
      fn.countAll().as('times'),
      fn.max('at_ms').as('newest'),
    ])
    .where('label', 'is not', null)
    .where(ofTraps('trap_id', trapIds))
    .groupBy(['label', 'taxon', 'rank', 'taxon_group', 'insect'])
    .execute();
  const found = new Map<string, UsedLabel>();
  for (const row of rows.sort((a, b) => number(a.newest) - number(b.newest))) {
    const label = row.label as string;
    found.set(label, {
      label,
      taxon: row.taxon ?? undefined,
      rank: row.rank ?? undefined,
      group: row.taxon_group ?? undefined,
      insect: row.insect !== 0,
      times: (found.get(label)?.times ?? 0) + number(row.times),
    });
  }
  return [...found.values()];
}
