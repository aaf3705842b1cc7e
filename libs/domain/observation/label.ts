/** A taxon above or at a label's own, for instance `{ rank: 'family', taxon: 'Apidae' }`. */
interface LineageStep {
  readonly rank: string;
  readonly taxon: string;
}

/** What the model card says of one label. */
export interface Label {
  readonly id: string;
  /** Scientific name that the label maps to. */
  readonly taxon?: string | undefined;
  readonly rank?: string | undefined;
  /** Coarse group for panels and unusual activity, for instance `bees`. */
  readonly group?: string | undefined;
  /** `non_insect` (background, dirt, shadow, birds) is stored and left out of insect counts. */
  readonly kind?: 'taxon' | 'non_insect' | 'other' | undefined;
  /** From the root down. The label's own taxon may close it or be left out. */
  readonly lineage?: readonly LineageStep[] | undefined;
}

/** The taxa that a label stands under, from the root down, its own last. */
export function lineageOf(label: Label): readonly LineageStep[] {
  const lineage = label.lineage ?? [];
  if (label.taxon === undefined || lineage.at(-1)?.taxon === label.taxon) return lineage;
  return lineage.length === 0 ? [] : [...lineage, { rank: label.rank ?? 'unranked', taxon: label.taxon }];
}
