import { buildMessage, type OutgoingMessage, type PayloadFields } from './build.js';
import { type Payload, type TopicIds, topicEntry } from './topics.js';

export type ManifestLine = NonNullable<Payload<'end'>['manifest']>[number];

/** Room for all of an `end` but its fields and its manifest. */
const FRAME_BYTES = 128;

/**
 * The end of a run, with its manifest: in one message, or in as many as a manifest needs that is larger than a message may
 * be. Their order does not matter; the last one that arrives is answered.
 *
 * @param fields `crops` is the number of all of them
 * @throws RangeError as `buildMessage`
 */
export function endMessages(
  ids: TopicIds<'end'>,
  fields: Omit<PayloadFields<'end'>, 'manifest' | 'parts'>,
  manifest: readonly ManifestLine[],
): OutgoingMessage[] {
  const room = topicEntry('end').maxBytes - FRAME_BYTES - Buffer.byteLength(JSON.stringify(fields));
  const parts: ManifestLine[][] = [[]];
  let bytes = 0;
  for (const line of manifest) {
    const size = Buffer.byteLength(JSON.stringify(line)) + 1;
    if (bytes + size > room && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(line);
    bytes += size;
  }
  const count = parts.length > 1 ? { parts: parts.length } : {};
  return parts.map((part) =>
    buildMessage('end', ids, { ...fields, ...count, manifest: part } as PayloadFields<'end'>),
  );
}
