import type { z } from 'zod';
import { isStorable } from './payloads/json.js';
import { end, manifestLine } from './payloads/run-payloads.js';
import type { Payload } from './topics.js';

/** What could be read of an `end` that was refused. */
export type SalvagedEnd = Partial<Pick<Payload<'end'>, 'status' | 'end' | 'crops' | 'parts' | 'manifest'>>;

const MANIFEST = /,?\s*"manifest"\s*:/;

/**
 * Reads what can be read of an `end` that cannot be taken as it is: too large, cut off, or with wrong fields. Each field
 * counts by itself, and each line of the manifest.
 *
 * @returns undefined where it says neither when the run ended nor how many crops it has
 */
export function salvageEnd(bytes: Uint8Array): SalvagedEnd | undefined {
  const payload = firstObject(
    candidates(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    ),
  );
  if (!payload) return undefined;
  const { status, end: endTime, crops, parts } = rightFields(payload, end.shape);
  if (endTime === undefined && crops === undefined) return undefined;
  const lines = Array.isArray(payload['manifest']) ? payload['manifest'] : [];
  const manifest = lines.flatMap((line): NonNullable<SalvagedEnd['manifest']> => {
    const { crop, ...more } = isObject(line) ? rightFields(line, manifestLine.shape) : {};
    return crop === undefined ? [] : [{ crop, ...more } as never];
  });
  return { status, end: endTime, crops, parts, ...(manifest.length && { manifest }) } as SalvagedEnd;
}

/** The text as it is; without the line in which it was cut off; without its manifest. */
function* candidates(text: string): Generator<string> {
  yield text;
  yield `${text.slice(0, text.lastIndexOf('}') + 1)}]}`;
  const manifestAt = text.search(MANIFEST);
  if (manifestAt > 0) yield `${text.slice(0, manifestAt)}}`;
}

function firstObject(texts: Iterable<string>): Record<string, unknown> | undefined {
  for (const text of texts) {
    try {
      const value: unknown = JSON.parse(text);
      return isObject(value) ? value : undefined;
    } catch {
      // The next one is shorter.
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function rightFields(payload: Record<string, unknown>, shape: Record<string, z.ZodType>) {
  const right = Object.entries(shape).filter(
    ([name, schema]) =>
      name !== 'manifest' && isStorable(payload[name]) && schema.safeParse(payload[name]).success,
  );
  return Object.fromEntries(right.map(([name]) => [name, payload[name]]));
}
