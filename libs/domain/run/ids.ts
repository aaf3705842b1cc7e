/**
 * What an id looks like: a letter or digit, then up to 63 of letters, digits, `_`, `.` and `-`.
 * Ids become folder names, MQTT topic levels and time-series tags, hence nothing that any of them would escape.
 */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Whether `text` can be the id of a trap, session, run or crop. `..` is out because ids become folder names. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID_PATTERN.test(text) && !text.includes('..');
}

/**
 * What the name of a model, a version, a label or a group looks like: a letter, digit or `_`, then any of these, `.` and `-`.
 * Names become folder names and segments of URLs: `.`, `..` and hidden files are none.
 */
export const NAME_PATTERN = /^(?!.*\.\.)\w[\w.-]*$/;

/** Makes a name of any text, with `_` for what a name cannot hold; empty where nothing is left. */
export const toName = (text: string, longest: number): string =>
  text
    .replace(/[^\w.-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[_.-]+|_+$/g, '')
    .slice(0, longest);

/** Names one run: `runId` is unique within its trap only, and stays so for ever. */
export interface RunId {
  readonly trapId: string;
  readonly runId: string;
}

/** Names one crop: `cropId` is unique within its run only, and sorts in time order. */
export interface CropId extends RunId {
  readonly cropId: string;
}

/** One text per run, for maps and sets. No id holds a `/`, so two runs never share a key. */
export function runKey({ trapId, runId }: RunId): string {
  return `${trapId}/${runId}`;
}

/** One text per crop, for maps and sets. */
export function cropKey({ trapId, runId, cropId }: CropId): string {
  return `${trapId}/${runId}/${cropId}`;
}
