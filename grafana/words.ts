import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { DATA_SOURCE } from './ids.js';

/** What a panel is called and what it says, for readers of both languages. */
export interface Words {
  readonly de: string;
  readonly en: string;
  readonly says: { readonly de: string; readonly en: string };
}

export const both = (de: string, en: string): string => `${de} / ${en}`;
export const titleOf = ({ de, en }: Words): string => both(de, en);
export const descriptionOf = ({ says }: Words): string => `${says.de}\n\n${says.en}`;

interface Titled {
  title(text: string): this;
  description(text: string): this;
  datasource(ref: DataSourceRef): this;
}

/** Gives a panel its names, and the data source. */
export const titled = <P extends Titled>(panel: P, words: Words): P =>
  panel.title(titleOf(words)).description(descriptionOf(words)).datasource(DATA_SOURCE);
