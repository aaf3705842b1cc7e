import {
  identify,
  listModels,
  type ModelCard,
  type ModelLabel,
  type ModelPackage,
  modelKey,
} from '../../../libs/classifier/index.js';
import { DEFAULT_DECISION } from '../../../libs/domain/index.js';

const SHA256_SHOWN = 12;

/** A model, as far as its card tells of it. */
export interface KnownModel {
  /** `<name> <version> (sha256:<12 digits>)` */
  readonly classifiedBy: string;
  readonly labels: ReadonlyMap<string, ModelLabel>;
  readonly decision: { readonly unsureBelow: number; readonly marginBelow: number };
}

/** The models that have spoken, also those that speak no more, as long as their cards are there. */
export class LabelBook {
  private constructor(private readonly models: ReadonlyMap<string, KnownModel>) {}

  /** @param folders where cards are looked for beside that of the active model */
  static async read(active: ModelPackage | undefined, folders: readonly string[]): Promise<LabelBook> {
    const models = new Map<string, KnownModel>();
    for (const { card } of await listModels(folders))
      if (card) models.set(modelKey(card), known(card, card.file.sha256));
    if (active) {
      const { card, modelPath, key } = active;
      models.set(key, known(card, card.file.sha256 ?? (await identify(modelPath)).sha256));
    }
    return new LabelBook(models);
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
