import {
  identify,
  listModels,
  type ModelCard,
  type ModelLabel,
  type ModelPackage,
  modelKey,
} from '../../libs/classifier/index.js';
import { DEFAULT_DECISION, lineageOf } from '../../libs/domain/index.js';

const SHA256_SHOWN = 12;

/** A model, as far as its card tells of it. */
export interface KnownModel {
  /** `<name> <version> (sha256:<12 digits>)` */
  readonly classifiedBy: string;
  readonly labels: ReadonlyMap<string, ModelLabel>;
  readonly decision: { readonly unsureBelow: number; readonly marginBelow: number };
}

/** The models that have spoken, also those that speak no more, as long as their cards are there. */
export class LabelIndex {
  private constructor(private readonly models: ReadonlyMap<string, KnownModel>) {}

  /** @param folders where cards are looked for beside that of the active model */
  static async read(active: ModelPackage | undefined, folders: readonly string[]): Promise<LabelIndex> {
    const models = new Map<string, KnownModel>();
    for (const { card } of await listModels(folders))
      if (card) models.set(modelKey(card), known(card, card.file.sha256));
    if (active) {
      const { card, modelPath, key } = active;
      models.set(key, known(card, card.file.sha256 ?? (await identify(modelPath)).sha256));
    }
    return new LabelIndex(models);
  }

  /** Of a model without a card nothing is known but its key. */
  of(key: string): KnownModel {
    return this.models.get(key) ?? { classifiedBy: key, labels: new Map(), decision: DEFAULT_DECISION };
  }

  /** Labels of any model that stand for this taxon. */
  labelsOf(taxon: string): ModelLabel[] {
    return this.all().filter((label) => label.taxon === taxon);
  }

  /** A label of any model under which this taxon stands. */
  labelUnder(taxon: string): ModelLabel | undefined {
    return this.all().find((label) => label.lineage?.some((step) => step.taxon === taxon));
  }

  private all(): ModelLabel[] {
    return [...this.models.values()].flatMap(({ labels }) => [...labels.values()]);
  }
}

function known(card: ModelCard, sha256: string | undefined): KnownModel {
  const hash = sha256 ? ` (sha256:${sha256.slice(0, SHA256_SHOWN)})` : '';
  return {
    classifiedBy: `${card.id} ${card.version}${hash}`,
    labels: new Map(card.labels.map((label) => [label.id, label])),
    decision: card.decision,
  };
}

/** Ranks that all formats know; any other is left out, since a package with one is not valid. */
const KNOWN_RANKS: readonly string[] = [
  'kingdom',
  'phylum',
  'class',
  'order',
  'family',
  'genus',
  'species',
  'subspecies',
];
/** Ranks under which the lineage of a taxon can stand. */
const HIGHER_RANKS: readonly string[] = ['kingdom', 'phylum', 'class', 'order', 'family', 'genus'];
/** Of which kingdom and phylum an insect is, no card needs to say. */
const INSECTS = { kingdom: 'Animalia', phylum: 'Arthropoda' };

/** What is known of one name of the observations: its rank, what it stands under, what people call it. */
export function taxonOf(scientificName: string, rank: string | undefined, book: LabelIndex) {
  const labels = book.labelsOf(scientificName);
  const higher = higherTaxa(scientificName, book);
  const knownRank = rank ?? labels[0]?.rank;
  return {
    scientificName,
    ...(knownRank !== undefined && KNOWN_RANKS.includes(knownRank) && { taxonRank: knownRank }),
    ...(higher['class'] === 'Insecta' && INSECTS),
    ...higher,
    ...vernacularNames(labels.map(({ names }) => names)),
  };
}

/** From the root down to the taxon itself, as a card has it. */
function higherTaxa(scientificName: string, book: LabelIndex): Record<string, string> {
  const label = book.labelsOf(scientificName)[0] ?? book.labelUnder(scientificName);
  const lineage = label ? lineageOf(label) : [];
  const own = lineage.findIndex(({ taxon }) => taxon === scientificName);
  const steps = lineage.slice(0, own + 1).filter(({ rank }) => HIGHER_RANKS.includes(rank));
  return Object.fromEntries(steps.map(({ rank, taxon }) => [rank, taxon]));
}

/** Keys of three letters (ISO 639-3). Several labels for one taxon are parts of it, and their names not its own. */
function vernacularNames(names: readonly { readonly en: string; readonly de?: string | undefined }[]) {
  const distinct = new Map(names.map((name) => [name.en, name]));
  const [name] = distinct.values();
  if (!name || distinct.size > 1) return {};
  return { vernacularNames: { eng: name.en, ...(name.de !== undefined && { deu: name.de }) } };
}
