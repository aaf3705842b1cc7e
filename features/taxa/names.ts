import { taxonomy, taxonomyOf } from '../../libs/classifier/index.js';

/** What people call a kind of insect, one animal of it; a language is absent where no name is known. */
export interface Names {
  readonly en?: string | undefined;
  readonly de?: string | undefined;
}

/** What people call a group, several animals of it. */
export interface GroupNames {
  readonly en: string;
  readonly de: string;
}

const names = (en: string, de: string): GroupNames => ({ en, de });

/** In one text for readers of either language; undefined where there is none. */
export const bothNames = (names: Names | undefined): string | undefined =>
  names && [...new Set([names.de, names.en])].filter((name) => name !== undefined).join(' / ');

/** Groups that cards name, and `all` of activity. */
export const GROUP_NAMES: Readonly<Record<string, GroupNames>> = {
  all: names('insects', 'Insekten'),
  ants: names('ants', 'Ameisen'),
  aphids: names('aphids', 'Blattläuse'),
  bees: names('bees', 'Bienen'),
  beetles: names('beetles', 'Käfer'),
  bugs: names('true bugs', 'Wanzen'),
  bumblebees: names('bumblebees', 'Hummeln'),
  butterflies: names('butterflies', 'Schmetterlinge'),
  caddisflies: names('caddisflies', 'Köcherfliegen'),
  cicadas: names('cicadas and hoppers', 'Zikaden'),
  cockroaches: names('cockroaches', 'Schaben'),
  damselflies: names('damselflies', 'Kleinlibellen'),
  dobsonflies: names('dobsonflies', 'Großflügler'),
  dragonflies: names('dragonflies and damselflies', 'Libellen'),
  earwigs: names('earwigs', 'Ohrwürmer'),
  flies: names('flies', 'Fliegen'),
  grasshoppers: names('grasshoppers and crickets', 'Heuschrecken'),
  honeybees: names('honey bees', 'Honigbienen'),
  hoverflies: names('hoverflies', 'Schwebfliegen'),
  lacewings: names('lacewings and relatives', 'Netzflügler'),
  ladybirds: names('ladybirds', 'Marienkäfer'),
  mantises: names('mantises', 'Fangschrecken'),
  midges: names('midges and crane flies', 'Mücken'),
  mosquitoes: names('mosquitoes', 'Stechmücken'),
  moths: names('moths', 'Nachtfalter'),
  sawflies: names('sawflies and horntails', 'Pflanzenwespen'),
  scorpionflies: names('scorpionflies', 'Skorpionsfliegen'),
  spiders: names('spiders', 'Spinnen'),
  stick_insects: names('stick insects', 'Gespenstschrecken'),
  wasps: names('wasps', 'Wespen'),
};

/** What no table of insects holds, and people still name. */
const NO_TABLE: Readonly<Record<string, Names>> = {
  Insecta: names('Insect', 'Insekt'),
  Arachnida: names('Arachnid', 'Spinnentier'),
  Araneae: names('Spider', 'Webspinne'),
  Aves: names('Bird', 'Vogel'),
};

/** Taxa that have a name: those of `models/taxonomy/`, and a few that are not in it. */
export const TAXON_NAMES: Readonly<Record<string, Names>> = {
  ...NO_TABLE,
  ...Object.fromEntries(
    [...taxonomy()]
      .filter(([, { names }]) => names.en || names.de)
      .map(([taxon, { names }]) => [taxon, names]),
  ),
};

/** Labels that stand for no taxon of their own and come from reviews. */
export const LABEL_NAMES: Readonly<Record<string, Names>> = {
  'not-insect': names('No insect', 'Kein Insekt'),
};

/** The group in which a taxon is counted, whether or not a card has it. */
export const groupOfTaxon = (taxon: string): string | undefined => taxonomyOf(taxon)?.group;

/** The rank of a taxon that has a name here. */
export function rankOf(taxon: string): string {
  return taxonomyOf(taxon)?.rank ?? (taxon === 'Araneae' ? 'order' : 'class');
}

/** What people call a group; undefined where it is one that only its card knows. */
export const groupNames = (group: string | null | undefined): GroupNames | undefined =>
  group != null && Object.hasOwn(GROUP_NAMES, group) ? GROUP_NAMES[group] : undefined;
