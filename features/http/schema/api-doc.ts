import { Reflector } from '@nestjs/core';
import type { z } from 'zod';
import type { JsonSchema } from './json-schema.js';

/**
 * What a route is for, beside the route. Its parameters, its JSON body, its role and the problems that follow from
 * them are read from the route itself; a test fails where a route has no `@ApiDoc`, or no example:
 *
 *     @ApiDoc({
 *       tag: 'Reading',
 *       summary: 'One run',
 *       answers: { 200: json(RUN_IN_FULL, EXAMPLE_RUN) },
 *     })
 *     @Get(':trapId/:runId')
 *
 * - `RUN_IN_FULL` is a zod schema (`z.strictObject`, `.meta({ id: 'Run' })` to name it); what the route answers is
 *   held against it in every test that goes through `openSmallApi`.
 * - Parameters say what they are by `.meta({ wire: { … } })`: see `parameters.ts`.
 * - Whatever is no JSON: `file('image/jpeg', 'The picture')`; nothing at all: `empty('Deleted')`.
 */
export const ApiDoc = Reflector.createDecorator<Documentation>();

export interface Documentation {
  readonly tag: Tag;
  /** A few words, for a list. */
  readonly summary: string;
  /** Markdown. The role that is needed is added by itself. */
  readonly description?: string;
  /** What is answered when all is well, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Of the body: the example of a `@Body({ schema })`, or all of a body that is no JSON. */
  readonly body?: Body | readonly Body[];
  /** Statuses of problems beside those that follow from parameters, key and body. */
  readonly problems?: readonly number[];
  /** Headers of the request, each with what it is for. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly example: string }>>;
}

/** How a key can be sent. */
export type AuthScheme = 'bearer' | 'accessToken' | 'signature';

export interface Answer {
  readonly description: string;
  /** None for an answer without a body. */
  readonly mediaTypes: readonly string[];
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** Headers of the answer, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Body {
  /** Default `application/json`. */
  readonly mediaType?: string;
  /** Default: that of `@Body({ schema })`. */
  readonly schema?: z.ZodType | JsonSchema;
  readonly example?: unknown;
  readonly description?: string;
}

type More = Pick<Answer, 'headers'> & { readonly description?: string };

/** An answer in JSON. The example is checked against the schema. */
export const json = (schema: z.ZodType, example: unknown, more: More = {}): Answer => ({
  description: 'What was asked for',
  mediaTypes: ['application/json'],
  schema,
  example,
  ...more,
});

/** An answer of bytes or text. `example`: for text, its first lines. */
export const file = (
  mediaTypes: string | readonly string[],
  description: string,
  more: Omit<More, 'description'> & { readonly example?: string } = {},
): Answer => ({ description, mediaTypes: [mediaTypes].flat(), ...more });

/** The answers of a file that is sent in parts where that is asked for, and not again where the copy is still good. */
export const rangeable = (
  mediaTypes: string | readonly string[],
  description: string,
  headers: Answer['headers'] = {},
): Documentation['answers'] => ({
  200: file(mediaTypes, description, { headers }),
  206: file(mediaTypes, 'The part that was asked for', {
    headers: { ...headers, 'Content-Range': 'Which part' },
  }),
  304: empty('The copy is still good'),
});

/** An answer without a body. */
export const empty = (description: string, headers?: Answer['headers']): Answer => ({
  description,
  mediaTypes: [],
  ...(headers && { headers }),
}); /** The chapters of the document, in this order. */
export const TAGS = {
  Reading: 'Traps, runs, pictures, sessions and models.',
  Statistics: 'Counts and unusual activity. A run is one visit and counts once, everywhere.',
  Traps: 'What editors say of traps and of where they stand.',
  Downloads: 'Whole selections as files. All stream, and take the filters of the list of runs.',
  Reviews: 'Verdicts of people, which overrule the model.',
  Sending: 'For traps without MQTT.',
  People: 'Who may do what: logins and keys.',
  Administration: 'Accounts, models, retention, and what was refused.',
  Compatibility: 'The routes of waskrabbeltda, for its trap client and its readers.',
  Contract: 'This document, and the contract of MQTT.',
  Operation: 'For those who run the service.',
} as const;

type Tag = keyof typeof TAGS;
