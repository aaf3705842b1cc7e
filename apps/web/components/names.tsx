import { computed, signal } from '@preact/signals';
import type { Label, Names, Observation, Run } from '../../../libs/api-types/index.js';
import { get } from '../api/client.js';

import { shell } from '../texts/shell.js';
import { language } from '../texts/words.js';

/** Something that the model or a person named. */
export interface Named {
  readonly label?: string | null | undefined;
  readonly taxon?: string | null | undefined;
  readonly names?: Names | undefined;
}
export interface ShownName {
  /** To read first: the common name, else the Latin one, else the label. */
  readonly name: string;
  /** Scientific name, where it is another one */
  readonly latin?: string | undefined;
  /** Common name in the other language */
  readonly other?: string | undefined;
  /** The name itself is the scientific one. */
  readonly isLatin: boolean;
}

const labels = signal<readonly Label[]>([]);
/** The labels of the active model. */
export const activeLabels = computed(() => labels.value);
const byLabel = computed(() => new Map(labels.value.map((each) => [each.label, each])));

/** Loads the names of the active model's labels, for answers that hold none. */
export async function loadLabels(): Promise<void> {
  const { items } = await get<{ items: Label[] }>('/labels');
  labels.value = items;
}

export function nameOf(named: Named): ShownName {
  const known = named.label ? byLabel.value.get(named.label) : undefined;
  const names: Names = named.names ?? known?.names ?? {};
  const latin = named.taxon ?? known?.taxon ?? undefined;
  const [own, other] = language.value === 'de' ? [names.de, names.en] : [names.en, names.de];
  const common = own ?? other;
  if (common) {
    const isTwice = common.toLowerCase() === latin?.toLowerCase();
    return {
      name: hyphenated(common),
      latin: isTwice ? undefined : latin,
      other: own ? other : undefined,
      isLatin: isTwice,
    };
  }
  if (latin) return { name: latin, isLatin: true };
  return { name: (named.label ?? '').replaceAll('_', ' '), isLatin: false };
}

/** What a run shows, in words; whether or not it has been named. */
export function nameOfRun({ observation, reviewed }: Pick<Run, 'observation' | 'reviewed'>): ShownName {
  if (!observation) return { name: shell.notClassified, isLatin: false };
  if (reviewed && observation.unsure) return { name: shell.nobodyCanTell, isLatin: false };
  return nameOf(observation as Observation & Named);
}

/** Heads of German compounds: a long name may break before them. */
const HEADS =
  /(?<=\p{L}{4})(?=(?:schweb|schein|lang)?(?:fliege|käfer|falter|biene|hummel|wespe|wanze|schrecke|libelle|jungfer|zikade|schwärmer|spanner|bläuling|ameise|läufer)n?\b)/giu;
const LONG = 14;

export const hyphenated = (name: string): string =>
  name.length < LONG ? name : name.replace(HEADS, '\u00ad');

/** Latin is in italics, and read as Latin. */
export const Latin = ({ children }: { readonly children: string }) => (
  <i class="latin" lang="la">
    {children}
  </i>
);

export const Name = ({ shown }: { readonly shown: ShownName }) => (
  <span lang={shown.isLatin ? 'la' : undefined} class={shown.isLatin ? 'latin' : undefined}>
    {shown.name}
  </span>
);
