import { z } from 'zod';
import { canonicalZone } from '../../../libs/domain/index.js';
import { onlyTheseFields } from '../parameters.js';

const LONGEST_NOTE = 4000;
const LONGEST_LINE = 200;

/** A text of one line. */
export function line() {
  const error = `must be a text of 1 to ${LONGEST_LINE} characters in one line`;
  return z.string({ error }).regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { error });
}

/** A text of several lines. */
export function note() {
  const error = `must be a text of 1 to ${LONGEST_NOTE} characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(LONGEST_NOTE, { error })
    .regex(/^[^\p{Cs}\0]*$/u, { error });
}

export function timeZone() {
  const error = 'must be an IANA time zone such as Europe/Berlin';
  return z
    .string({ error })
    .refine((text) => canonicalZone(text) !== undefined, { error })
    .overwrite((text) => canonicalZone(text) ?? text);
}

export function numberFrom(min: number, max: number) {
  const error = `must be a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

export function wholeFrom(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export const yesNo = () => z.boolean({ error: 'must be true or false' });

/** Half of the earth's circumference: nothing is farther away. */
const FARTHEST_M = 20_037_509;

/** Degrees, WGS 84. */
export const place = () =>
  onlyTheseFields({
    latitude: numberFrom(-90, 90),
    longitude: numberFrom(-180, 180),
    uncertaintyM: wholeFrom(1, FARTHEST_M).optional(),
  });
