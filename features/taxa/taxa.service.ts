import { stat } from 'node:fs/promises';
import { identify, listModels, type ModelPackage } from '../../libs/classifier/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { searchTaxa, type TaxonEntry, taxonEntries } from './search-taxa.js';
import { usedLabels } from './taxa.repository.js';
import { type KnownModel, knownModel, TaxonIndex } from './taxon-index.js';

/** What people have named since then is found after this. */
const USED_AGAIN_MS = 10_000;
const CARDS_AGAIN_MS = 10_000;

interface TaxaSources {
  readonly catalog: Catalog;
  /** The model that classifies. */
  readonly model: ModelPackage | undefined;
  /** Where cards are looked for beside that of the model that classifies. */
  readonly modelFolders: readonly string[];
}

/** The list as it was made last, and of what. */
interface TaxonList {
  readonly index: TaxonIndex;
  readonly usedText: string;
  readonly entries: readonly TaxonEntry[];
  readonly atMs: number;
}

/** The one place that knows what labels and taxa are called: by the cards of all models, and by what people have named. */
export class Taxa {
  private index: TaxonIndex;
  private reading: Promise<void> | undefined;
  private readAtMs = Number.NEGATIVE_INFINITY;
  private readState = '';
  private list: TaxonList | undefined;

  constructor(private readonly sources: TaxaSources) {
    const { model } = sources;
    this.index = new TaxonIndex(model ? [knownModel(model.card, model.card.file.sha256, true)] : []);
  }

  /** What is known now, without waiting: of all cards once {@link read} has come to its end, before that of the active one. */
  get now(): TaxonIndex {
    return this.index;
  }

  /** Reads the cards again where models were installed or removed. A card that cannot be read costs no other. */
  read(nowMs: number = Date.now()): Promise<TaxonIndex> {
    if (nowMs - this.readAtMs >= CARDS_AGAIN_MS) {
      this.reading ??= this.readCards().finally(() => {
        this.reading = undefined;
        this.readAtMs = nowMs;
      });
    }
    return (this.reading ?? Promise.resolve()).then(() => this.index);
  }

  /** Everything that a run can be relabelled to. What people have named is in it after some seconds. */
  async entries(nowMs: number = Date.now()): Promise<readonly TaxonEntry[]> {
    const index = await this.read(nowMs);
    const { list } = this;
    if (list && list.index === index && nowMs - list.atMs < USED_AGAIN_MS) return list.entries;
    const used = await usedLabels(this.sources.catalog.scanner);
    const usedText = JSON.stringify(used);
    const isSame = list?.index === index && list.usedText === usedText;
    const entries = isSame ? list.entries : taxonEntries(index, this.sources.model?.key, used);
    this.list = { index, usedText, entries, atMs: nowMs };
    return entries;
  }

  /** @returns best first */
  async search(query: string, limit: number): Promise<TaxonEntry[]> {
    return searchTaxa(await this.entries(), query, limit);
  }

  private async readCards(): Promise<void> {
    const { model, modelFolders } = this.sources;
    const state = await stateOf(modelFolders);
    if (state === this.readState) return;
    const models: KnownModel[] = [];
    if (model) {
      const { card, modelPath } = model;
      const sha256 = card.file.sha256 ?? (await identify(modelPath)).sha256;
      models.push(knownModel(card, sha256, true));
    }
    // Folder by folder: an installed card may be older than the one that came with the program, and know fewer names.
    for (const folder of modelFolders)
      for (const { card, installed } of await listModels([folder]))
        if (card) models.push(knownModel(card, card.file.sha256, installed));
    this.index = new TaxonIndex(models);
    this.readState = state;
  }
}

/** Changes when a model comes or goes. */
async function stateOf(folders: readonly string[]): Promise<string> {
  const times = folders.map((folder) =>
    stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return JSON.stringify(await Promise.all(times));
}
