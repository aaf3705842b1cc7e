import { createHash } from 'node:crypto';

/** Three such names, a day and two endings stay well below the 260 characters that Windows allows for a whole path. */
const LONGEST = 40;
const READABLE = 23;
const HASH_DIGITS = 16;
/** Windows takes these for devices, whatever follows the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** The upper case of time stamps (`20260601T080000`) and of tracks (`ID7`). All other letters are expected in lower case. */
const USUAL_UPPER_CASE = /(?<=\d)t(?=\d)|(?<![a-z0-9])id(?=\d)/g;

/**
 * The name of a file or folder for an id. No two ids have names that differ in case only, and every file system and
 * archive program takes them: no device of Windows, no dot at the end, at most 40 characters.
 *
 * Nearly every id is its own name. Any other one gets a hash of the id behind a `+`, which occurs in no id, so that
 * `run-a` and `RUN-A` lie apart where upper and lower case are the same.
 *
 * @param id as `isId` accepts it
 */
export function safeName(id: string): string {
  const isUsual = id === id.toLowerCase().replace(USUAL_UPPER_CASE, (letters) => letters.toUpperCase());
  if (isUsual && id.length <= LONGEST && !DEVICE.test(id) && !id.endsWith('.')) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, HASH_DIGITS);
  return `${id.slice(0, READABLE).replaceAll('.', '_')}+${hash}`;
}
