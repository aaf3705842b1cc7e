import { buildTopic } from './topic-names.js';
import { type Kind, type Payload, type TopicIds, topicEntry } from './topics.js';

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
