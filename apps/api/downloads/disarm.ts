/** What a spreadsheet begins a formula with, also in the wide forms of East Asian keyboards. */
const FORMULA = '[=+\\-@＝＋－＠]';

/** Where a cell begins: also behind what another spreadsheet, or the same one in another language, splits lines at. */
const BEGINS_A_FORMULA = new RegExp(`(^|[;\\t\\r\\n])((?:[^\\S\\t\\r\\n]|["\\p{Cf}])*${FORMULA})`, 'gu');

const LEADING_BREAK = /^(?=[\t\r\n])/;

/** A text with a `'` wherever a spreadsheet would begin a formula in it (OWASP, CSV injection). All others stay as they are. */
export const disarm = (text: string): string =>
  text.replace(BEGINS_A_FORMULA, "$1'$2").replace(LEADING_BREAK, "'");
