import type { Receipt } from '../domain/index.js';
import { printable } from './rejection.js';
import { buildTopic } from './topic-names.js';
import { type Kind, type Payload, TOPICS, type TopicIds, topicEntry } from './topics.js';

/** A message ready for any MQTT client. */
export interface OutgoingMessage {
  readonly topic: string;
  /** JSON, or the bytes of a crop. */
  readonly payload: string | Uint8Array;
  readonly qos: 1;
  readonly retain: boolean;
}

/** The known fields of a payload but `v`, and any others. */
export type PayloadFields<K extends Kind> = {
  [Field in keyof Payload<K> as string extends Field
    ? never
    : Field extends 'v'
      ? never
      : Field]: Payload<K>[Field];
} & { readonly [field: string]: unknown };

/**
 * The JSON payload of a message of this kind, with the version added. Fields that are undefined are left out.
 *
 * @throws RangeError if it is larger than its topic allows
 */
export function buildPayload<K extends Exclude<Kind, 'crop'>>(
  kind: K,
  fields: NoInfer<PayloadFields<K>>,
): string {
  const { maxBytes } = topicEntry(kind);
  const payload = JSON.stringify({ v: 1, ...fields });
  const bytes = Buffer.byteLength(payload);
  if (bytes > maxBytes) throw new RangeError(`a ${kind} may have ${maxBytes} bytes, this one has ${bytes}`);
  return payload;
}

/**
 * A whole message of any kind but crops: topic, payload, the retain flag of the contract, QoS 1.
 *
 * @throws RangeError if an id cannot be one, or the payload is larger than its topic allows
 */
export function buildMessage<K extends Exclude<Kind, 'crop'>>(
  kind: K,
  ids: NoInfer<TopicIds<K>>,
  fields: NoInfer<PayloadFields<K>>,
): OutgoingMessage {
  const topic = buildTopic<Kind>(kind, ids);
  return { topic, payload: buildPayload(kind, fields), qos: 1, retain: topicEntry(kind).retained };
}

/**
 * The message of one crop, from the bytes of its image. Its size is not checked: the limit is a setting of the
 * service, which a trap cannot know.
 *
 * @throws RangeError if an id cannot be one
 */
export function cropMessage(ids: TopicIds<'crop'>, bytes: Uint8Array): OutgoingMessage {
  return { topic: buildTopic('crop', ids), payload: bytes, qos: 1, retain: false };
}

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
interface Problem {
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
