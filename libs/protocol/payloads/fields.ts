import { z } from 'zod';
import { canonicalZone, ID_PATTERN, isId, isTimeText } from '../../domain/index.js';

/** A schema whose every failure says the same: what would be right. */
const number = (error: string) => z.number({ error });

/** Length is bounded by the size of the whole message; NUL characters are refused before any schema speaks. */
export const text = () => z.string({ error: 'must be text' });

export const id = () => {
  const error = 'must be an id: 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit, without ".."';
  return z
    .string({ error })
    .refine(isId, { error })
    .meta({ pattern: ID_PATTERN.source.replace('^', '^(?!.*\\.\\.)') });
};

export const time = () => {
  const error = 'must be a time such as 2026-06-01T08:00:00+02:00 (without offset: local time of the trap)';
  return z
    .string({ error })
    .refine(isTimeText, { error })
    .meta({ description: 'ISO 8601; without offset it is local time in the zone of the trap' });
};

export const timeZone = () => {
  const error = 'must be an IANA time zone such as Europe/Berlin';
  return z
    .string({ error })
    .refine((text) => canonicalZone(text) !== undefined, { error })
    .overwrite((text) => canonicalZone(text) ?? text)
    .meta({ description: 'IANA time zone' });
};

export const anyNumber = () => number('must be a number');

export const atLeastZero = () => {
  const error = 'must be a number of at least 0';
  return number(error).min(0, { error });
};

/** A number from `min` to `max`, both included. */
export const between = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return number(error).min(min, { error }).max(max, { error });
};

/** A probability of the classifier or a confidence of the detector. */
export const unit = () => between(0, 1);

export const whole = (min: number) => {
  const error = `must be a whole number of at least ${min}`;
  return z.int({ error }).min(min, { error });
};

export const yesNo = () => z.boolean({ error: 'must be true or false' });

export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.map((value) => `"${value}"`).join(', ')}` });

/** Figures that some traps can only give as a word: `USB_C_IN` for a battery level, a counter for an id. */
export const textOrNumber = () => z.union([z.string(), z.number()], { error: 'must be text or a number' });

export const listOf = <T extends z.ZodType>(item: T) => z.array(item, { error: 'must be a list' });

export const sha256 = () => {
  const error = 'must be a SHA-256 of 64 hexadecimal digits';
  return z.string({ error }).regex(/^[0-9a-fA-F]{64}$/, { error });
};

/** `[xMin, yMin, xMax, yMax]`, relative to the frame, origin top left. */
export const box = () => {
  const error = 'must be [xMin, yMin, xMax, yMax], each from 0 to 1, min below max';
  const side = () => number(error).min(0, { error }).max(1, { error });
  return z
    .tuple([side(), side(), side(), side()], { error })
    .refine(([xMin, yMin, xMax, yMax]) => xMin < xMax && yMin < yMax, { error })
    .meta({ description: '[xMin, yMin, xMax, yMax], relative to the frame, origin top left' });
};

/** What people call a kind of insect, or a group of kinds. */
export const names = () =>
  z.looseObject({ en: text().optional(), de: text().optional() }, { error: 'must be an object of names' });

/** An object of this contract's first version. Fields that it does not know are kept. */
export const message = <T extends z.ZodRawShape>(shape: T) =>
  z.looseObject(
    { v: z.literal(1, { error: 'must be 1, the version of this contract' }), ...shape },
    { error: 'must be a JSON object' },
  );
