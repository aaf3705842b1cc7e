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
  cicadas: names('cicadas', 'Zikaden'),
  cockroaches: names('cockroaches', 'Schaben'),
  damselflies: names('damselflies', 'Kleinlibellen'),
  dragonflies: names('dragonflies', 'Libellen'),
  earwigs: names('earwigs', 'Ohrwürmer'),
  flies: names('flies', 'Fliegen'),
  grasshoppers: names('grasshoppers', 'Heuschrecken'),
  honeybees: names('honey bees', 'Honigbienen'),
  hoverflies: names('hoverflies', 'Schwebfliegen'),
  lacewings: names('lacewings', 'Netzflügler'),
  ladybirds: names('ladybirds', 'Marienkäfer'),
  mantises: names('mantises', 'Fangschrecken'),
  midges: names('midges', 'Mücken'),
  mosquitoes: names('mosquitoes', 'Stechmücken'),
  moths: names('moths', 'Nachtfalter'),
  sawflies: names('sawflies', 'Pflanzenwespen'),
  scorpionflies: names('scorpionflies', 'Skorpionsfliegen'),
  spiders: names('spiders', 'Spinnen'),
  wasps: names('wasps', 'Wespen'),
};

/** Taxa above the species: what a verdict falls back to, where a model was not sure of the species. */
export const TAXON_NAMES: Readonly<Record<string, Names>> = {
  Insecta: names('Insect', 'Insekt'),
  Arachnida: names('Arachnid', 'Spinnentier'),
  Araneae: names('Spider', 'Webspinne'),
  Aves: names('Bird', 'Vogel'),
  // Orders
  Blattodea: names('Cockroach', 'Schabe'),
  Coleoptera: names('Beetle', 'Käfer'),
  Dermaptera: names('Earwig', 'Ohrwurm'),
  Diptera: names('Fly', 'Zweiflügler'),
  Ephemeroptera: names('Mayfly', 'Eintagsfliege'),
  Hemiptera: names('True bug', 'Schnabelkerf'),
  Hymenoptera: names('Wasp, bee or ant', 'Hautflügler'),
  Lepidoptera: names('Butterfly or moth', 'Schmetterling'),
  Mantodea: names('Mantis', 'Fangschrecke'),
  Mecoptera: names('Scorpionfly', 'Schnabelfliege'),
  Neuroptera: names('Net-winged insect', 'Netzflügler'),
  Odonata: names('Dragonfly or damselfly', 'Libelle'),
  Orthoptera: names('Grasshopper or cricket', 'Heuschrecke'),
  Phasmatodea: names('Stick insect', 'Gespenstschrecke'),
  Plecoptera: names('Stonefly', 'Steinfliege'),
  Thysanoptera: names('Thrips', 'Fransenflügler'),
  Trichoptera: names('Caddisfly', 'Köcherfliege'),
  // Families
  Aeshnidae: names('Hawker dragonfly', 'Edellibelle'),
  Andrenidae: names('Mining bee', 'Sandbienenverwandte'),
  Aphididae: names('Aphid', 'Röhrenblattlaus'),
  Apidae: names('Bee of the family Apidae', 'Echte Biene'),
  Asilidae: names('Robber fly', 'Raubfliege'),
  Bombyliidae: names('Bee fly', 'Wollschweber'),
  Buprestidae: names('Jewel beetle', 'Prachtkäfer'),
  Calliphoridae: names('Blow fly', 'Schmeißfliege'),
  Calopterygidae: names('Demoiselle', 'Prachtlibelle'),
  Cantharidae: names('Soldier beetle', 'Weichkäfer'),
  Carabidae: names('Ground beetle', 'Laufkäfer'),
  Cerambycidae: names('Longhorn beetle', 'Bockkäfer'),
  Chrysomelidae: names('Leaf beetle', 'Blattkäfer'),
  Chrysopidae: names('Green lacewing', 'Florfliege'),
  Coccinellidae: names('Ladybird', 'Marienkäfer'),
  Coenagrionidae: names('Narrow-winged damselfly', 'Schlanklibelle'),
  Culicidae: names('Mosquito', 'Stechmücke'),
  Curculionidae: names('Weevil', 'Rüsselkäfer'),
  Empididae: names('Dance fly', 'Tanzfliege'),
  Erebidae: names('Erebid moth', 'Eulenfalter-Verwandter'),
  Formicidae: names('Ant', 'Ameise'),
  Geometridae: names('Geometer moth', 'Spanner'),
  Halictidae: names('Sweat bee', 'Schmalbienenverwandte'),
  Hesperiidae: names('Skipper', 'Dickkopffalter'),
  Lampyridae: names('Firefly', 'Leuchtkäfer'),
  Libellulidae: names('Darter or skimmer', 'Segellibelle'),
  Lycaenidae: names('Gossamer-winged butterfly', 'Bläuling'),
  Megachilidae: names('Leafcutter or mason bee', 'Bauchsammlerbiene'),
  Miridae: names('Plant bug', 'Weichwanze'),
  Muscidae: names('House fly or relative', 'Echte Fliege'),
  Noctuidae: names('Owlet moth', 'Eulenfalter'),
  Nymphalidae: names('Brush-footed butterfly', 'Edelfalter'),
  Oedemeridae: names('False blister beetle', 'Scheinbockkäfer'),
  Panorpidae: names('Scorpionfly', 'Skorpionsfliege'),
  Papilionidae: names('Swallowtail', 'Ritterfalter'),
  Pentatomidae: names('Shield bug', 'Baumwanze'),
  Pieridae: names('White or yellow', 'Weißling'),
  Sarcophagidae: names('Flesh fly', 'Fleischfliege'),
  Scarabaeidae: names('Scarab beetle', 'Blatthornkäfer'),
  Silphidae: names('Carrion beetle', 'Aaskäfer'),
  Sphingidae: names('Hawk-moth', 'Schwärmer'),
  Syrphidae: names('Hoverfly', 'Schwebfliege'),
  Tabanidae: names('Horse fly', 'Bremse'),
  Tachinidae: names('Parasite fly', 'Raupenfliege'),
  Tenthredinidae: names('Sawfly', 'Echte Blattwespe'),
  Tipulidae: names('Crane fly', 'Schnake'),
  Vespidae: names('Wasp of the family Vespidae', 'Faltenwespe'),
  // Genera
  Aeshna: names('Hawker', 'Mosaikjungfer'),
  Anax: names('Emperor dragonfly', 'Königslibelle'),
  Andrena: names('Mining bee', 'Sandbiene'),
  Anthidium: names('Wool carder bee', 'Wollbiene'),
  Apis: names('Honey bee', 'Honigbiene'),
  Bombus: names('Bumblebee', 'Hummel'),
  Bombylius: names('Bee fly', 'Wollschweber'),
  Calopteryx: names('Demoiselle', 'Prachtlibelle'),
  Cicindela: names('Tiger beetle', 'Sandlaufkäfer'),
  Coenagrion: names('Bluet', 'Azurjungfer'),
  Coenonympha: names('Heath', 'Wiesenvögelchen'),
  Colias: names('Clouded yellow', 'Gelbling'),
  Enallagma: names('Bluet', 'Becherjungfer'),
  Eristalis: names('Drone fly', 'Keilfleckschwebfliege'),
  Graphosoma: names('Striped shield bug', 'Streifenwanze'),
  Halictus: names('Furrow bee', 'Furchenbiene'),
  Hylaeus: names('Yellow-faced bee', 'Maskenbiene'),
  Ischnura: names('Bluetail', 'Pechlibelle'),
  Lasioglossum: names('Sweat bee', 'Schmalbiene'),
  Lestes: names('Spreadwing', 'Binsenjungfer'),
  Leucorrhinia: names('Whiteface', 'Moosjungfer'),
  Lycaena: names('Copper', 'Feuerfalter'),
  Megachile: names('Leafcutter or mason bee', 'Blattschneider- oder Mörtelbiene'),
  Nomada: names('Nomad bee', 'Wespenbiene'),
  Oedemera: names('False blister beetle', 'Scheinbockkäfer'),
  Orthetrum: names('Skimmer', 'Blaupfeil'),
  Osmia: names('Mason bee', 'Mauerbiene'),
  Panorpa: names('Scorpionfly', 'Skorpionsfliege'),
  Pieris: names('White', 'Weißling'),
  Polistes: names('Paper wasp', 'Feldwespe'),
  Sphaerophoria: names('Long hoverfly', 'Langbauchschwebfliege'),
  Sphecodes: names('Blood bee', 'Blutbiene'),
  Sympetrum: names('Darter', 'Heidelibelle'),
  Syrphus: names('Syrphus hoverfly', 'Garten-Schwebfliege'),
  Vespula: names('Wasp', 'Kurzkopfwespe'),
  Xylocopa: names('Carpenter bee', 'Holzbiene'),
  // Common species that people may name, and that no card has
  'Andrena fulva': names('Tawny mining bee', 'Fuchsrote Sandbiene'),
  'Andrena haemorrhoa': names('Orange-tailed mining bee', 'Rotschopfige Sandbiene'),
  'Andrena vaga': names('Grey-backed mining bee', 'Große Weiden-Sandbiene'),
  'Anthophora plumipes': names('Hairy-footed flower bee', 'Frühlings-Pelzbiene'),
  'Bombus hortorum': names('Garden bumblebee', 'Gartenhummel'),
  'Bombus hypnorum': names('Tree bumblebee', 'Baumhummel'),
  'Bombus lapidarius': names('Red-tailed bumblebee', 'Steinhummel'),
  'Bombus lucorum': names('White-tailed bumblebee', 'Hellgelbe Erdhummel'),
  'Bombus pascuorum': names('Common carder bee', 'Ackerhummel'),
  'Bombus pratorum': names('Early bumblebee', 'Wiesenhummel'),
  'Colletes hederae': names('Ivy bee', 'Efeu-Seidenbiene'),
  'Eristalis tenax': names('Drone fly', 'Mistbiene'),
  'Eupeodes corollae': names('Migrant hoverfly', 'Gemeine Feldschwebfliege'),
  'Helophilus pendulus': names('Sun fly', 'Gemeine Sumpfschwebfliege'),
  'Nomada goodeniana': names('Gooden’s nomad bee', 'Feld-Wespenbiene'),
  'Osmia bicornis': names('Red mason bee', 'Rote Mauerbiene'),
  'Osmia cornuta': names('European orchard bee', 'Gehörnte Mauerbiene'),
  'Scaeva pyrastri': names('Pied hoverfly', 'Späte Großstirnschwebfliege'),
  'Sphaerophoria scripta': names('Long hoverfly', 'Gemeine Langbauchschwebfliege'),
  'Vespa velutina': names('Asian hornet', 'Asiatische Hornisse'),
  'Volucella inanis': names('Lesser hornet hoverfly', 'Gebänderte Waldschwebfliege'),
  'Volucella pellucens': names('Great pied hoverfly', 'Gemeine Waldschwebfliege'),
  'Volucella zonaria': names('Hornet hoverfly', 'Hornissenschwebfliege'),
  'Xylocopa violacea': names('Violet carpenter bee', 'Blauschwarze Holzbiene'),
};

/** Labels that stand for no taxon of their own and come from reviews. */
export const LABEL_NAMES: Readonly<Record<string, Names>> = {
  'not-insect': names('No insect', 'Kein Insekt'),
};

/** The groups of genera and families that no card may have, so that what people name is counted with its kind. */
export const TAXON_GROUPS: Readonly<Record<string, string>> = {
  ...groupOf('ants', 'Formicidae'),
  ...groupOf(
    'bees',
    'Andrenidae',
    'Apidae',
    'Halictidae',
    'Megachilidae',
    'Andrena',
    'Anthidium',
    'Anthophora',
  ),
  ...groupOf(
    'bees',
    'Apis',
    'Bombus',
    'Colletes',
    'Halictus',
    'Hylaeus',
    'Lasioglossum',
    'Megachile',
    'Nomada',
  ),
  ...groupOf('bees', 'Osmia', 'Sphecodes', 'Xylocopa'),
  ...groupOf(
    'beetles',
    'Coleoptera',
    'Buprestidae',
    'Cantharidae',
    'Carabidae',
    'Cerambycidae',
    'Chrysomelidae',
  ),
  ...groupOf(
    'beetles',
    'Coccinellidae',
    'Curculionidae',
    'Lampyridae',
    'Oedemeridae',
    'Scarabaeidae',
    'Silphidae',
  ),
  ...groupOf('beetles', 'Cicindela', 'Oedemera'),
  ...groupOf('bugs', 'Hemiptera', 'Aphididae', 'Miridae', 'Pentatomidae', 'Graphosoma'),
  ...groupOf(
    'butterflies',
    'Lepidoptera',
    'Erebidae',
    'Geometridae',
    'Hesperiidae',
    'Lycaenidae',
    'Noctuidae',
  ),
  ...groupOf('butterflies', 'Nymphalidae', 'Papilionidae', 'Pieridae', 'Sphingidae', 'Coenonympha', 'Colias'),
  ...groupOf('butterflies', 'Lycaena', 'Pieris'),
  ...groupOf(
    'dragonflies',
    'Odonata',
    'Aeshnidae',
    'Calopterygidae',
    'Coenagrionidae',
    'Libellulidae',
    'Aeshna',
  ),
  ...groupOf(
    'dragonflies',
    'Anax',
    'Calopteryx',
    'Coenagrion',
    'Enallagma',
    'Ischnura',
    'Lestes',
    'Leucorrhinia',
  ),
  ...groupOf('dragonflies', 'Orthetrum', 'Sympetrum'),
  ...groupOf(
    'flies',
    'Diptera',
    'Asilidae',
    'Bombyliidae',
    'Calliphoridae',
    'Culicidae',
    'Empididae',
    'Muscidae',
  ),
  ...groupOf('flies', 'Sarcophagidae', 'Tabanidae', 'Tachinidae', 'Tipulidae', 'Bombylius'),
  ...groupOf(
    'hoverflies',
    'Syrphidae',
    'Eristalis',
    'Eupeodes',
    'Helophilus',
    'Scaeva',
    'Sphaerophoria',
    'Syrphus',
  ),
  ...groupOf('hoverflies', 'Volucella'),
  ...groupOf('scorpionflies', 'Mecoptera', 'Panorpidae', 'Panorpa'),
  ...groupOf('wasps', 'Vespidae', 'Polistes', 'Vespa', 'Vespula'),
};

function groupOf(group: string, ...taxa: readonly string[]): Record<string, string> {
  return Object.fromEntries(taxa.map((taxon) => [taxon, group]));
}

const CLASSES = new Set(['Insecta', 'Arachnida', 'Aves']);
const ORDER = /(?:ptera|Odonata|Mantodea|Blattodea|Phasmatodea|Araneae)$/;

/** The rank of a taxon that has a name here. */
export function rankOf(taxon: string): string {
  if (taxon.includes(' ')) return 'species';
  if (taxon.endsWith('idae')) return 'family';
  if (CLASSES.has(taxon)) return 'class';
  return ORDER.test(taxon) ? 'order' : 'genus';
}

/** What people call a group; undefined where it is one that only its card knows. */
export const groupNames = (group: string | null | undefined): GroupNames | undefined =>
  group != null && Object.hasOwn(GROUP_NAMES, group) ? GROUP_NAMES[group] : undefined;
