/** A scientific name in the parts that Darwin Core and taxon lists keep apart. */
interface ScientificName {
  /** Without its authorship: what counts as the same taxon. */
  readonly name: string;
  /** Such as `(Kirby, 1802)` or `L.`; undefined where none is given. */
  readonly authorship?: string | undefined;
}

/** What may stand in a name: letters of any script, digits, the hybrid sign, and the punctuation of authors and ranks. */
const NAME = /^[×"']?\s?\p{Lu}[\p{L}\p{M}\p{N}×&.,()[\]/'’"\- ]{1,127}$/u;

const HYBRID = /^[×x]$/;
/** Words that stand between or behind the parts of a name and are no author. */
const QUALIFIERS =
  /^(?:cf|aff|nr|sp|spp|ssp|subsp|subgen|var|f|forma|agg|aggr|s\.?\s?l|s\.?\s?str|sensu|gr|group|indet|ined)\.?$/i;
const EPITHET = /^×?\p{Ll}[\p{Ll}\p{M}\-’']*$/u;
const SUBGENUS = /^\(\p{Lu}[\p{Ll}\p{M}-]+\)$/u;
/** Small words before the name of an author, such as `van der Vecht` and `d'Orbigny`. */
const PARTICLE =
  /^(?:van|von|vom|zu|zur|der|den|de|del|della|di|du|la|le|les|ter|ten|dos|da|af|al|el|st\.?|'t|d['’].*)$/u;
/** What makes a capital behind a genus alone an author: a year, a comma, an ampersand, an abbreviation. */
const SURE_AUTHOR = /\b1[78]\d\d\b|\b(?:19|20)\d\d\b|,|&|\p{Lu}\p{Ll}*\.|^\(.*\)$/u;

/** Whether a text can be a scientific name, with or without authorship. */
export const isScientificName = (text: string): boolean => NAME.test(text);

/** One space between words, the hybrid sign as such, and letters with their marks in one form (NFC). */
export const tidyName = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(?<= )[xX](?= )/g, '×');

/**
 * Splits a scientific name from its authorship: `Nomada goodeniana (Kirby, 1802)`, `Bombus (Bombus) terrestris L.`,
 * `Apidae Latreille, 1802`. A subgenus in brackets, hybrid signs and `cf.`, `sp.`, `agg.` belong to the name. What cannot
 * be told apart for sure stays in the name.
 */
export function splitName(text: string): ScientificName {
  const whole = tidyName(text);
  const words = whole.split(' ');
  let epithets = 0;
  for (let at = HYBRID.test(words[0] ?? '') ? 2 : 1; at < words.length; at += 1) {
    const word = words[at] as string;
    if (HYBRID.test(word)) {
      // The other parent: with a genus of its own, or an epithet.
      at += 1;
      continue;
    }
    if (QUALIFIERS.test(word)) {
      if (/^spp?\.?$/i.test(word) && /^(?:\p{Lu}{1,3}|[\p{Lu}\d-]*\d+\p{L}?)$/u.test(words[at + 1] ?? ''))
        at += 1;
      continue;
    }
    if (epithets === 0 && SUBGENUS.test(word)) continue;
    const isParticle = PARTICLE.test(word) && /\p{Lu}/u.test(words.slice(at + 1).join(' '));
    if (EPITHET.test(word) && !isParticle) {
      epithets += 1;
      continue;
    }
    const authorship = words.slice(at).join(' ');
    const isAuthor = /\p{Lu}/u.test(authorship) && (epithets > 0 || SURE_AUTHOR.test(authorship));
    return isAuthor ? { name: words.slice(0, at).join(' '), authorship } : { name: whole };
  }
  return { name: whole };
}

/** A name as an identification: what is certain, and what qualifies it. */
interface QualifiedName {
  readonly certain: string;
  /** Such as `cf. terrestris` or `sp. 1`; undefined where nothing does. */
  readonly qualifier?: string | undefined;
}

const DOUBT = /^(.*?\S) ((?:cf|aff|nr|spp?|indet)\b.*)$/u;

/** Splits `Bombus cf. terrestris` into `Bombus`, which is certain, and `cf. terrestris`. */
export function splitQualifier(name: string): QualifiedName {
  const [, certain, qualifier] = DOUBT.exec(name) ?? [];
  return certain === undefined ? { certain: name } : { certain, qualifier };
}
