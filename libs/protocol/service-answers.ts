import type { Receipt } from '../domain/index.js';
import { buildPayload, type PayloadFields } from './build.js';
import { printable } from './refusal.js';
import { TOPICS } from './topics.js';

/** Times of the service are UTC, with `Z`. */
const iso = (atMs: number): string => new Date(atMs).toISOString();

/** As many of `items`, in order, as fit into `room` bytes of a JSON list. */
function fitting<T>(items: readonly T[], room: number): { readonly listed: T[]; readonly bytes: number } {
  let bytes = 0;
  for (const [at, item] of items.entries()) {
    const next = bytes + Buffer.byteLength(JSON.stringify(item)) + 1;
    if (next > room) return { listed: items.slice(0, at), bytes };
    bytes = next;
  }
  return { listed: [...items], bytes };
}

/**
 * The answer to an `end`. Where the lists are longer than the topic allows, as many as fit are named, missing
 * crops first, and `missingTotal` and `rejectedTotal` give the true numbers. The state is untouched: a trap that
 * sends what is named and then `end` again is told of the next ones.
 */
export function buildReceipt({ state, have, missing, rejected }: Receipt, atMs: number): string {
  const at = iso(atMs);
  const totals = { missingTotal: missing.length, rejectedTotal: rejected.length };
  const frame = JSON.stringify({ v: 1, state, have, missing: [], rejected: [], ...totals, at });
  const room = TOPICS.receipt.maxBytes - Buffer.byteLength(frame);
  const named = fitting(missing, room);
  const refused = fitting(
    rejected.map(({ crop, code }) => ({ crop, code })),
    room - named.bytes,
  );
  return buildPayload('receipt', {
    state,
    have,
    missing: named.listed,
    rejected: refused.listed,
    ...(named.listed.length < missing.length && { missingTotal: missing.length }),
    ...(refused.listed.length < rejected.length && { rejectedTotal: rejected.length }),
    at,
  });
}

/** The observation of a run, for the run's own topic. */
export function buildResult(fields: PayloadFields<'result'>): string {
  return buildPayload('result', fields);
}

/** The newest result of a trap; name the `run`, which the topic does not. */
export function buildLast(fields: PayloadFields<'last'>): string {
  return buildPayload('last', fields);
}

/** A message that was set aside. */
export interface Problem {
  readonly topic: string;
  /** One of `REFUSAL_CODES`, or a state of the service such as a disk under its reserve. */
  readonly code: string;
  readonly message: string;
}

/** Tells a trap what was set aside and why. Topic and message are cut so that the whole always fits. */
export function buildProblem({ topic, code, message }: Problem, atMs: number): string {
  // A character that is left takes three bytes at most, so this stays under 1 KB whatever was sent.
  return buildPayload('problem', {
    topic: printable(topic, 150),
    code,
    message: printable(message, 140),
    at: iso(atMs),
  });
}

/** An episode that was opened, updated, closed or withdrawn. */
export function buildAlert(fields: PayloadFields<'alert'>): string {
  return buildPayload('alert', fields);
}
