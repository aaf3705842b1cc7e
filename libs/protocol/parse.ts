import type { z } from 'zod';
import { fieldName, readJson } from './json.js';
import { Refusal } from './refusal.js';
import { parseTopic } from './topic-names.js';
import { type Kind, type Payload, type TopicIds, topicEntry } from './topics.js';

/** One message of a trap's topics. Crops carry their bytes, all others their payload. */
export type MessageOf<K extends Exclude<Kind, 'alert'>> = {
  readonly kind: K;
  readonly trapId: string;
} & TopicIds<K> &
  (K extends 'crop' ? { readonly bytes: Uint8Array } : { readonly payload: Payload<K> });

export type AlertMessage = { readonly kind: 'alert'; readonly payload: Payload<'alert'> } & TopicIds<'alert'>;

/** A message that keeps to the contract. */
export type Message = { [K in Exclude<Kind, 'alert'>]: MessageOf<K> }[Exclude<Kind, 'alert'>] | AlertMessage;

export interface MessageLimits {
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
  const { maxBytes, payload: schema } = topicEntry(parsed.kind);
  const limit = parsed.kind === 'crop' ? (limits.cropBytes ?? maxBytes) : maxBytes;
  if (bytes.byteLength > limit) {
    throw new Refusal(
      'too-large',
      `a ${parsed.kind} may have ${limit} bytes, this one has ${bytes.byteLength}`,
    );
  }
  if (bytes.byteLength === 0) throw new Refusal('empty');
  if (parsed.kind === 'crop' || !schema) return { ...parsed, bytes } as Message;
  return { ...parsed, payload: validate(schema, readJson(bytes)) } as Message;
}

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
  if (message.kind !== kind) throw new Refusal('bad-topic', `a ${message.kind} where a ${kind} was expected`);
  return message as unknown as MessageOf<K>;
}

/** @throws Refusal `bad-payload` with the first field at fault and what would be right */
function validate(schema: z.ZodType, value: unknown): unknown {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  const path = issue?.path ?? [];
  const field = fieldName(path);
  const missing = path.length > 0 && valueAt(value, path) === undefined;
  const subject = field ? (missing ? `${field} is missing: it` : field) : 'the payload';
  throw new Refusal('bad-payload', `${subject} ${issue?.message}`, field || undefined);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
}
