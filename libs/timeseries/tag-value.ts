import { createHash } from 'node:crypto';

const SAFE = /^[\w.-]{1,64}$/;
const ROOM_FOR_NAME = 55;

/**
 * A text as the value of a tag: `[\w.-]{1,64}`, since a backslash at the end would swallow what follows it in the line.
 * Spaces become `_`. Where more has to change, a piece of the text's hash follows, so that two texts stay two values.
 */
export function tagValue(text: string | null | undefined): string {
  if (!text) return 'none';
  const spaced = text.replaceAll(' ', '_');
  if (SAFE.test(spaced)) return spaced;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${spaced.replace(/[^\w.-]/g, '_').slice(0, ROOM_FOR_NAME)}-${hash}`;
}
