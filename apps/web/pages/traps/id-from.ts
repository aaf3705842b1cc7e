/** As umlauts are written where there are none. */
const LETTERS: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  æ: 'ae',
  ø: 'oe',
  å: 'a',
};
const LONGEST = 64;

/** An identifier that fits a name: `Weinberg Süd 2` → `weinberg-sued-2`. */
export const idFrom = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[äöüßæøå]/g, (letter) => LETTERS[letter] as string)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST)
    .replace(/-$/, '');
