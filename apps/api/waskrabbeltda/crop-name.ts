import { createHash } from 'node:crypto';
import { isId, isTimeText } from '../../../libs/domain/index.js';

const IMAGE_ENDING = /\.(?:jpe?g|png|webp)$/i;
/** As insect-detect writes it into the names of its crops. */
const TIME = /\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(?:-\d{1,6})?/;
const HASH_LENGTH = 8;
const STEM_LENGTH = 64 - HASH_LENGTH - 1;

/**
 * The id of a crop, from the name of its file: the name without its ending where that can be an id. Any other name is
 * made one, with a hash of it behind, so that two names never become the same, and the same name always does.
 */
export function cropIdOfFile(name: string): string {
  const stem = name.replace(IMAGE_ENDING, '');
  return isId(stem) ? stem : madeId(name);
}

function madeId(name: string): string {
  const readable = name
    .replace(IMAGE_ENDING, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, STEM_LENGTH);
  return `${readable || 'crop'}-${hashOf(name)}`;
}

/** The id of a crop whose file has the name of another one that came with it. */
export const otherCropId = (cropId: string, sha256: string): string =>
  `${cropId.slice(0, STEM_LENGTH)}-${sha256.slice(0, HASH_LENGTH)}`;

/** When the picture was taken, if its name says so: local time of the trap. */
export function timeInName(name: string): string | undefined {
  const time = TIME.exec(name)?.[0];
  return time !== undefined && isTimeText(time) ? time : undefined;
}

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
