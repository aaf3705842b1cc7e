import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ProblemCode } from '../http/index.js';

/** The body of every error (RFC 9457). */
export const PROBLEM = z
  .strictObject({
    type: z.string().meta({ description: '`urn:trapline:problem:<code>`; the code is stable' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong, for a person' }),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with which field' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong, as RFC 9457 has it' });

const field = { field: 'traps', message: 'is not a parameter of this route' };

/** What each status means here, with an example of its code and its words. */
const MEANINGS: Readonly<Record<number, readonly [means: string, code: ProblemCode, detail: string]>> = {
  400: [
    'A parameter or the body is not what it must be',
    'invalid-request',
    'traps is not a parameter of this route.',
  ],
  401: ['No key, or none that is known', 'no-key', 'Send an API key: Authorization: Bearer <key>.'],
  403: ['The key may not do this', 'role-too-low', 'This needs a key with the role editor or higher.'],
  404: ['There is no such thing', 'not-found', 'There is no run run-9 of trap meadow-1.'],
  405: ['This path is not for that method', 'method-not-allowed', 'This path takes GET, HEAD.'],
  409: ['It contradicts what is stored', 'crop-conflict', 'Crop 0001 is stored with other bytes.'],
  410: [
    'It was removed for good',
    'removed',
    'The picture of crop 0001 was removed at 2027-06-01T03:00:00.000Z by retention: it was older than 365 days. What is known of it stays.',
  ],
  413: ['Larger than is taken', 'too-large', 'A crop may have 10485760 bytes at most.'],
  415: ['Not of a type that is taken', 'not-an-image', 'The payload is no JPEG, PNG or WebP.'],
  416: ['The range lies beyond the end', 'range-not-satisfiable', 'There are 700 bytes only.'],
  422: [
    'It can be read, and is not right',
    'undecodable',
    'This picture cannot be classified: its bytes cannot be decoded.',
  ],
  429: ['Too often', 'too-many-requests', 'Try again in 60 seconds.'],
  500: ['Something failed here', 'internal', 'Something failed here. The log of the service says what.'],
  503: ['Not now; try again', 'unavailable', 'The catalog does not answer; try again.'],
  507: ['No room is left', 'disk-full', 'The disk is full.'],
};

export const problemName = (status: number): string => `Problem${status}`;

/** One answer of the document per status, for all routes. */
export function problemAnswers(statuses: Iterable<number>, schema: object): Record<string, object> {
  const answers = [...statuses].sort().map((status) => {
    const [description, code, detail] = MEANINGS[status] ?? [STATUS_CODES[status] ?? 'Error', 'error', ''];
    const example = {
      type: `urn:trapline:problem:${code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...(status === 400 && { errors: [field] }),
    };
    return [
      problemName(status),
      { description, content: { 'application/problem+json': { schema, example } } },
    ];
  });
  return Object.fromEntries(answers);
}
