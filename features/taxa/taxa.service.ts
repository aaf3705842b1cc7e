import { stat } from 'node:fs/promises';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { identify, listModels, type ModelPackage } from '../../libs/classifier/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { entryOf, searchTaxa, type TaxonEntry, taxonEntries } from './search-taxa.js';
import { usedLabels } from './taxa.repository.js';
import { type KnownModel, knownModel, TaxonIndex } from './taxon-index.js';

/** What people have named since then is found after this. */
const USED_AGAIN_MS = 2_000;
const CARDS_AGAIN_MS = 10_000;

/** The model that classifies, and the folders of all that are installed: `Models` of the feature models. */
export interface InstalledModels {
  readonly active: ModelPackage | undefined;
  readonly folders: readonly string[];
}

/** The list as it was made last, and of what. */
interface TaxonList {
  readonly index: TaxonIndex;
  readonly usedText: string;
  readonly entries: readonly TaxonEntry[];
  readonly atMs: number;
}

/** The one place that knows what labels and taxa are called: by the cards of all models, and by what people have named. */
export class Taxa implements OnApplicationBootstrap {
  private index: TaxonIndex;
  private reading: Promise<void> | undefined;
  private readAtMs = Number.NEGATIVE_INFINITY;
  private readState = '';
  private list: TaxonList | undefined;

  constructor(
    private readonly catalog: Catalog,
    private readonly models: InstalledModels,
  ) {
    const { active } = models;
    this.index = new TaxonIndex(active ? [knownModel(active.card, active.card.file.sha256, true)] : []);
  }

  /** In the background: what classifies is known already. */
  onApplicationBootstrap(): void {
    void this.read();
  }

  /**
   * What is known now, for work that must not wait: all cards once {@link read} has come to its end, before that the
   * active one. Answers to people take {@link read}.
   */
  get now(): TaxonIndex {
    return this.index;
  }

  /**
   * What is known once all cards are read, also those of models that were installed meanwhile. Where they cannot be read,
   * what was known before.
   */
  read(nowMs: number = Date.now()): Promise<TaxonIndex> {
    if (nowMs - this.readAtMs >= CARDS_AGAIN_MS) {
      this.reading ??= this.readCards().finally(() => {
        this.reading = undefined;
        this.readAtMs = nowMs;
      });
    }
    return (this.reading ?? Promise.resolve()).then(
      () => this.index,
      () => this.index,
    );
  }

  /** Everything that a run can be relabelled to. What people have named is in it after some seconds. */
  async entries(nowMs: number = Date.now()): Promise<readonly TaxonEntry[]> {
    const index = await this.read(nowMs);
    const { list } = this;
    if (list && list.index === index && nowMs - list.atMs < USED_AGAIN_MS) return list.entries;
    const used = await usedLabels(this.catalog.scanner);
    const usedText = JSON.stringify(used);
    const isSame = list?.index === index && list.usedText === usedText;
    const entries = isSame ? list.entries : taxonEntries(index, this.models.active?.key, used);
    this.list = { index, usedText, entries, atMs: nowMs };
    return entries;
  }

  /**
   * @param trapIds what people have named at these traps only; undefined: at all
   * @returns best first
   */
  async search(query: string, limit: number, trapIds?: readonly string[]): Promise<TaxonEntry[]> {
    return searchTaxa(await this.entriesAt(trapIds), query, limit);
  }

  /** By label, else by scientific name; also what no installed model knows, as long as a card has it. */
  async find(labelOrTaxon: string, trapIds?: readonly string[]): Promise<TaxonEntry | undefined> {
    const entries = await this.entriesAt(trapIds);
    const name = labelOrTaxon.normalize('NFC');
    return (
      entries.find(({ label }) => label === name) ??
      entries.find(({ taxon }) => taxon === name) ??
      entryOf(this.index, name)
    );
  }

  private async entriesAt(trapIds: readonly string[] | undefined): Promise<readonly TaxonEntry[]> {
    if (trapIds === undefined) return this.entries();
    const index = await this.read();
    return taxonEntries(index, this.models.active?.key, await usedLabels(this.catalog.scanner, trapIds));
  }

  private async readCards(): Promise<void> {
    const { active, folders } = this.models;
    const state = await stateOf(folders);
    if (state === this.readState) return;
    const models: KnownModel[] = [];
    if (active) {
      const { card, modelPath } = active;
      const sha256 = card.file.sha256 ?? (await identify(modelPath)).sha256;
      models.push(knownModel(card, sha256, true));
    }
    // Folder by folder: an installed card may be older than the one that came with the program, and know fewer names.
    for (const folder of folders)
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
