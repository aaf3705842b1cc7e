import type { z } from 'zod';
import { sweepSentinels, type ValueFault } from '../domain/index.js';
import { fieldName, readJson } from './payloads/json.js';
import { Rejection } from './rejection.js';
import { parseTopic, type Topic } from './topic-names.js';
import { type Kind, type Payload, type TopicIds, type TrapMessageKind, topicEntry } from './topics.js';

/** One message of a trap's topics. Crops carry their bytes, all others their payload. */
export type MessageOf<K extends Exclude<Kind, 'alert'>> = {
  readonly kind: K;
  readonly trapId: string;
} & TopicIds<K> &
  (K extends 'crop' ? { readonly bytes: Uint8Array } : { readonly payload: Payload<K> });

type AlertMessage = { readonly kind: 'alert'; readonly payload: Payload<'alert'> } & TopicIds<'alert'>;

/** A message that keeps to the contract. */
export type Message = { [K in Exclude<Kind, 'alert'>]: MessageOf<K> }[Exclude<Kind, 'alert'>] | AlertMessage;

/** One of a trap. */
export type TrapMessage = { [K in TrapMessageKind]: MessageOf<K> }[TrapMessageKind];

interface MessageLimits {
  /** Largest crop, in bytes; 1 MiB if not given. */
  readonly cropBytes?: number;
}

/**
 * Reads one message, in whichever direction it goes. Whether the sender may publish it is for `checkPublish`;
 * whether a crop's bytes are an image is for whoever looks at them.
 *
 * @throws Refusal `bad-topic`, `bad-id`, `too-large`, `empty`, `bad-json` or `bad-payload` (with the field)
 */
export function parseMessage(topic: string, bytes: Uint8Array, limits: MessageLimits = {}): Message {
  const parsed = parseTopic(topic);
  expectSize(parsed.kind, bytes, limits);
  const { payload: schema } = topicEntry(parsed.kind);
  if (parsed.kind === 'crop' || !schema) return { ...parsed, bytes } as unknown as Message;
  return { ...parsed, payload: validate(schema, readJson(bytes)) } as unknown as Message;
}

/** @throws Refusal `too-large` or `empty` */
function expectSize(kind: Kind, bytes: Uint8Array, limits: MessageLimits): void {
  const { maxBytes } = topicEntry(kind);
  const limit = kind === 'crop' ? (limits.cropBytes ?? maxBytes) : maxBytes;
  if (bytes.byteLength > limit) {
    throw new Rejection('too-large', `a ${kind} may have ${limit} bytes, this one has ${bytes.byteLength}`);
  }
  if (bytes.byteLength === 0) throw new Rejection('empty');
}

/** What of a message that was taken is not, or is doubtful. */
export interface MessageFaults {
  /** Values with which a device says that it has none. They are not in the message. */
  readonly absent: readonly ValueFault[];
  /** Values that are taken although they are doubtful. */
  readonly suspect: readonly ValueFault[];
  /** Optional fields that do not keep to the contract. They are not in the message. */
  readonly refused: readonly ValueFault[];
}

/** A message as far as it can be taken. */
interface TakenMessage extends MessageFaults {
  readonly message: TrapMessage;
}

/**
 * Optional fields without which the rest of a message would mean something else: which crops there are, what their
 * bytes are, and which session a run belongs to.
 */
const ESSENTIAL = new Set(['crops', 'manifest', 'sha256', 'bytes', 'session']);

/**
 * What kind of message of a trap comes on this topic.
 *
 * @throws Rejection `bad-topic` or `bad-id`, or `wrong-direction` where the service publishes on it
 */
export function trapMessageKind({ kind, fault }: Topic): TrapMessageKind {
  if (fault) throw fault;
  if (topicEntry(kind).direction !== 'trap-to-service') throw new Rejection('wrong-direction');
  return kind as TrapMessageKind;
}

/**
 * Reads one message of a trap as {@link parseMessageOf} does, but without the optional fields that are wrong: one bad
 * value must not cost the others.
 *
 * @throws Rejection where what is wrong is no optional field, or an essential one
 */
export function takeMessage(topic: Topic, bytes: Uint8Array, limits: MessageLimits = {}): TakenMessage {
  const kind = trapMessageKind(topic);
  const { payload: schema } = topicEntry(kind);
  expectSize(kind, bytes, limits);
  const named = { kind, ...topic.ids };
  if (!schema) return { message: { ...named, bytes } as TrapMessage, absent: [], suspect: [], refused: [] };
  const sent = readJson(bytes, { numbersMayBeMissing: true });
  const swept = isObject(sent) ? sweepSentinels(sent) : { payload: sent, absent: [], suspect: [] };
  const { payload, refused } = leaveOut(schema, swept.payload);
  const { absent, suspect } = swept;
  return { message: { ...named, payload } as TrapMessage, absent, suspect, refused };
}

/** @throws Refusal as {@link validate}, where the schema does not take what is left either */
function leaveOut(schema: z.ZodType, sent: unknown): { payload: unknown; refused: ValueFault[] } {
  const outcome = schema.safeParse(sent);
  if (outcome.success) return { payload: outcome.data, refused: [] };
  const { issues } = outcome.error;
  const paths = issues.map(({ path }) => fieldPath(path));
  if (paths.some((path) => path.length === 0 || ESSENTIAL.has(String(path.at(-1)))))
    return { payload: validate(schema, sent), refused: [] };
  const left = structuredClone(sent);
  for (const path of withPartners(paths)) removeAt(left, path);
  const rest = schema.safeParse(left);
  if (!rest.success) return { payload: validate(schema, sent), refused: [] };
  return { payload: rest.data, refused: issues.map((issue) => faultOf(sent, issue)) };
}

/** `['manifest', 3, 'box', 2]` → `['manifest', 3, 'box']`: what is left out is a field, never a part of its value. */
function fieldPath(path: readonly PropertyKey[]): readonly PropertyKey[] {
  return path[0] === 'manifest' ? path.slice(0, 3) : path.slice(0, 1);
}

/** Half a place would be completed from the one before. */
function withPartners(paths: readonly (readonly PropertyKey[])[]): readonly (readonly PropertyKey[])[] {
  const isPlace = paths.some(([name]) => name === 'latitude' || name === 'longitude');
  return isPlace ? [...paths, ['latitude'], ['longitude']] : paths;
}

function removeAt(value: unknown, path: readonly PropertyKey[]): void {
  const owner = valueAt(value, path.slice(0, -1));
  if (typeof owner === 'object' && owner !== null) Reflect.deleteProperty(owner, path.at(-1) as PropertyKey);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether a trap clears what the broker retains for it: an empty payload on a retained topic of its own, a usual act in
 * MQTT and no fault.
 */
export const isClearing = (kind: TrapMessageKind, bytes: Uint8Array): boolean =>
  bytes.byteLength === 0 && topicEntry(kind).retained;

/**
 * The same for a handler that was subscribed for one kind.
 *
 * @throws Refusal as {@link parseMessage}, and `bad-topic` for a message of another kind
 */
export function parseMessageOf<K extends Exclude<Kind, 'alert'>>(
  kind: K,
  topic: string,
  bytes: Uint8Array,
  limits?: MessageLimits,
): MessageOf<K> {
  const message = parseMessage(topic, bytes, limits);
  expectKind(kind, message.kind);
  return message as unknown as MessageOf<K>;
}

/** @throws Refusal `bad-topic` */
function expectKind(expected: Kind, kind: Kind): void {
  if (kind !== expected) throw new Rejection('bad-topic', `a ${kind} where a ${expected} was expected`);
}

/** @throws Refusal `bad-payload` with the first field at fault and what would be right */
function validate(schema: z.ZodType, value: unknown): unknown {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const { field, message } = faultOf(value, outcome.error.issues[0]);
  throw new Rejection('bad-payload', message, field || undefined);
}

/** Which field is at fault, and what would be right. */
function faultOf(value: unknown, issue: z.core.$ZodIssue | undefined): ValueFault {
  const path = issue?.path ?? [];
  const field = fieldName(path);
  const missing = path.length > 0 && valueAt(value, path) === undefined;
  const subject = field ? (missing ? `${field} is missing: it` : field) : 'the payload';
  return { field, message: `${subject} ${issue?.message}` };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
}
