import { z } from 'zod';
import { KINDS, type Kind, topicEntry } from '../topics.js';

/** A JSON document, such as a schema. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * JSON Schema (draft 7, which AsyncAPI reads too) of every payload but the crop's, which is an image. A schema
 * says a little less than the code: whether a time is a time, or a zone a zone, JSON Schema cannot tell.
 */
export function payloadSchemas(): { readonly [K in Kind]?: JsonObject } {
  return Object.fromEntries(
    KINDS.flatMap((kind) => {
      const { payload, summary } = topicEntry(kind);
      if (!payload) return [];
      return [
        [kind, { ...z.toJSONSchema(payload, { target: 'draft-7' }), title: kind, description: summary }],
      ];
    }),
  );
}
