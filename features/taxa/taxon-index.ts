import { type ModelCard, type ModelLabel, modelKey } from '../../libs/classifier/index.js';
import { DEFAULT_DECISION, lineageOf } from '../../libs/domain/index.js';
import { type GroupNames, groupNames, LABEL_NAMES, type Names, TAXON_NAMES } from './names.js';
import { NOTES, type TaxonNote } from './notes.js';

const SHA256_SHOWN = 12;

/** A model, as far as its card describes it. */
export interface KnownModel {
  readonly key: string;
  /** `<name> <version> (sha256:<12 digits>)` */
  readonly classifiedBy: string;
  readonly labels: ReadonlyMap<string, ModelLabel>;
  readonly decision: { readonly unsureBelow: number; readonly marginBelow: number };
  /** Its file is there: it classifies, or could. */
  readonly installed: boolean;
}

/** What is known of something that was seen; a label, a taxon, or both. */
export interface Seen {
  readonly label?: string | null | undefined;
  readonly taxon?: string | null | undefined;
  /** Key of the model whose label it is. Two models may mean different things by one label. */
  readonly model?: string | null | undefined;
}

const NOTE_OF: ReadonlyMap<string, TaxonNote> = new Map(
  NOTES.flatMap((note) => note.of.map((of) => [of, note] as const)),
);

/** What people and standards call the labels and taxa of the models, as their cards and our own lists have it. */
export class TaxonIndex {
  private readonly byKey: ReadonlyMap<string, KnownModel>;
  private readonly nameOfTaxon: ReadonlyMap<string, Names>;

  /** @param models the one that classifies first: where cards differ, the first has its way */
  constructor(readonly models: readonly KnownModel[]) {
    this.byKey = new Map([...models].reverse().map((model) => [model.key, model]));
    this.nameOfTaxon = taxonNames(models);
  }

  /** Of a model without a card nothing is known but its key. */
  model(key: string): KnownModel {
    const unknown = {
      key,
      classifiedBy: key,
      labels: new Map(),
      decision: DEFAULT_DECISION,
      installed: false,
    };
    return this.byKey.get(key) ?? unknown;
  }

  /** Labels of any model that stand for this taxon. */
  labelsOf(taxon: string): ModelLabel[] {
    return this.labels().filter((label) => label.taxon === taxon);
  }

  /** A label of any model under which this taxon stands. */
  labelUnder(taxon: string): ModelLabel | undefined {
    return this.labels().find((label) => label.lineage?.some((step) => step.taxon === taxon));
  }

  /** The label on the card of its model, else of the first model that has it. */
  cardLabel({ label, model }: Seen): ModelLabel | undefined {
    if (label == null) return undefined;
    const own = model == null ? undefined : this.byKey.get(model)?.labels.get(label);
    return own ?? this.models.find(({ labels }) => labels.has(label))?.labels.get(label);
  }

  /**
   * What people call it; undefined where nobody has said. A verdict that fell back to a higher taxon has the name of that
   * taxon, not of the label that it came from.
   */
  namesOf(seen: Seen): Names | undefined {
    const { label, taxon } = seen;
    const onCard = this.cardLabel(seen);
    if (onCard && (taxon == null || onCard.taxon === taxon))
      return merged(ownNames(onCard), onCard.taxon === undefined ? undefined : this.nameOfOnly(onCard));
    if (taxon != null) return this.nameOfTaxon.get(taxon);
    return label == null ? undefined : (LABEL_NAMES[label] ?? this.nameOfTaxon.get(taxonOfLabel(label)));
  }

  groupNamesOf(group: string | null | undefined): GroupNames | undefined {
    return groupNames(group);
  }

  /** The sentence about it, or about the lowest taxon above it that has one. */
  noteOf(seen: Seen): TaxonNote | undefined {
    const { label } = seen;
    const onCard = this.cardLabel(seen);
    const isOwn = onCard && (seen.taxon == null || onCard.taxon === seen.taxon);
    if (label != null && isOwn && NOTE_OF.has(label)) return NOTE_OF.get(label);
    const taxon = seen.taxon ?? (onCard ? onCard.taxon : label == null ? undefined : taxonOfLabel(label));
    if (taxon === undefined) return undefined;
    const above = [...this.lineageOf(taxon)].reverse().map((step) => step.taxon);
    const found = [taxon, ...above].find((each) => NOTE_OF.has(each));
    return found === undefined ? undefined : NOTE_OF.get(found);
  }

  /** From the root down to the taxon itself, as the first card has it that knows it; else as its name tells. */
  lineageOf(taxon: string): readonly { readonly rank: string; readonly taxon: string }[] {
    const label = this.labelsOf(taxon)[0] ?? this.labelUnder(taxon);
    const steps = label ? lineageOf(label) : [];
    const own = steps.findIndex((step) => step.taxon === taxon);
    if (own >= 0) return steps.slice(0, own + 1);
    const [genus = '', epithet] = taxon.split(' ');
    if (epithet === undefined) return [];
    return [...this.lineageOf(genus), { rank: 'species', taxon }];
  }

  private labels(): ModelLabel[] {
    return this.models.flatMap(({ labels }) => [...labels.values()]);
  }

  /** A name of the taxon belongs to its label too, unless the label is only a part of it. */
  private nameOfOnly({ id, taxon }: ModelLabel): Names | undefined {
    const isPart = this.models.some(
      ({ labels }) =>
        labels.has(id) && [...labels.values()].some((other) => other.taxon === taxon && other.id !== id),
    );
    return isPart ? undefined : this.nameOfTaxon.get(taxon as string);
  }
}

/** What a card says of a model. */
export function knownModel(card: ModelCard, sha256: string | undefined, installed: boolean): KnownModel {
  const hash = sha256 ? ` (sha256:${sha256.slice(0, SHA256_SHOWN)})` : '';
  return {
    key: modelKey(card),
    classifiedBy: `${card.id} ${card.version}${hash}`,
    labels: new Map(card.labels.map((label) => [label.id, label])),
    decision: card.decision,
    installed,
  };
}

/** Labels that people gave are made of the scientific name. */
export const taxonOfLabel = (label: string): string => label.replaceAll('_', ' ');

/** What the card calls it, without names that only repeat the label or the scientific name. */
function ownNames({ id, taxon, names: { en, de } }: ModelLabel): Names | undefined {
  const repeats = (name: string) => name === taxon || name === id || name === taxonOfLabel(id);
  return merged(repeats(en) ? undefined : { en }, de === undefined || repeats(de) ? undefined : { de });
}

/** Names of taxa: of those labels that alone stand for their taxon on a card, then ours. */
function taxonNames(models: readonly KnownModel[]): Map<string, Names> {
  const found = new Map<string, Names>();
  const add = (taxon: string, names: Names | undefined) => {
    const both = merged(found.get(taxon), names);
    if (both) found.set(taxon, both);
  };
  for (const { labels } of models) {
    const times = new Map<string | undefined, number>();
    for (const { taxon } of labels.values()) times.set(taxon, (times.get(taxon) ?? 0) + 1);
    for (const label of labels.values())
      if (label.taxon !== undefined && times.get(label.taxon) === 1) add(label.taxon, ownNames(label));
  }
  for (const [taxon, names] of Object.entries(TAXON_NAMES)) add(taxon, names);
  return found;
}

/** The first has its way; what it does not say comes from the second. */
function merged(first: Names | undefined, second: Names | undefined): Names | undefined {
  const en = first?.en ?? second?.en;
  const de = first?.de ?? second?.de;
  if (en === undefined && de === undefined) return undefined;
  return { ...(en !== undefined && { en }), ...(de !== undefined && { de }) };
}
