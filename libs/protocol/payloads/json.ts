import { Rejection } from '../rejection.js';

/** Deeper than any message of this contract needs, and shallow enough for every recursion that follows. */
const MAX_DEPTH = 32;

/** PostgreSQL's text holds no NUL, and UTF-8 no half of a surrogate pair. */
const UNSTORABLE = /[\0\p{Cs}]/u;

const utf8 = new TextDecoder('utf-8', { fatal: true });

interface Flaw {
  /** From the field inwards. */
  readonly path: readonly PropertyKey[];
  readonly what: string;
}

/**
 * Reads a JSON payload so that whatever comes out can be validated, stored and written again. A byte order mark
 * is passed over. Of a key that comes twice the last value counts, as in every common JSON parser.
 *
 * @param options `numbersMayBeMissing`: `NaN` and `Infinity`, which Python's `json` writes though they are no JSON, are
 *   read as null
 * @throws Refusal `bad-json` if it is not JSON in UTF-8; `bad-payload` for NUL characters, half surrogate pairs,
 *   a key `__proto__`, or nesting beyond 32 levels
 */
export function readJson(
  bytes: Uint8Array,
  options: { readonly numbersMayBeMissing?: boolean } = {},
): unknown {
  let value: unknown;
  try {
    value = parseText(utf8.decode(bytes), options.numbersMayBeMissing === true);
  } catch (error) {
    throw new Rejection('bad-json', `not JSON in UTF-8: ${error instanceof Error ? error.message : error}`);
  }
  const flaw = flawIn(value, MAX_DEPTH);
  if (flaw) {
    const field = fieldName(flaw.path);
    throw new Rejection(
      'bad-payload',
      field ? `${field} ${flaw.what}` : `the payload ${flaw.what}`,
      field || undefined,
    );
  }
  return value;
}

/** Texts, which stay as they are, and the words for numbers that JSON has not. */
const TEXT_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs;

function parseText(text: string, numbersMayBeMissing: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!numbersMayBeMissing || !/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(text.replace(TEXT_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : 'null')));
  }
}
/** Whether a value may be kept: no NUL, no half surrogate pairs, no key `__proto__`, not too deep. */
export const isStorable = (value: unknown): boolean => flawIn(value, MAX_DEPTH) === undefined;

/** `['manifest', 3, 'box']` → `manifest[3].box` */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    return name ? `${name}.${String(step)}` : String(step);
  }, '');
}

function flawIn(value: unknown, depthLeft: number): Flaw | undefined {
  if (typeof value === 'string') {
    return UNSTORABLE.test(value) ? { path: [], what: 'must not hold NUL or broken characters' } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depthLeft === 0) return { path: [], what: `must not be nested deeper than ${MAX_DEPTH} levels` };
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    if (UNSTORABLE.test(key)) return { path: [], what: 'must not have NUL or broken characters in a name' };
    if (key === '__proto__') return { path: [], what: 'must not have a field named __proto__' };
    const flaw = flawIn(inner, depthLeft - 1);
    if (flaw) return { ...flaw, path: [step, ...flaw.path] };
  }
  return undefined;
}
