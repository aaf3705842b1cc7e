import { z } from 'zod';
import { isScientificName, REVIEW_VERDICTS, type ReviewVerdict, tidyName } from '../../libs/domain/index.js';
import { label, oneOf, onlyTheseFields } from '../http/index.js';

const COMMENT_CHARACTERS = 2000;
/** Whatever no text for people holds, and no database takes: control characters but tab and line ends, halves of pairs. */
const UNPRINTABLE = /(?![\t\r\n])\p{Cc}|\p{Cs}/u;

/** Which fields say something beside which verdict. `comment` goes with all of them. */
const FIELDS: Readonly<Record<ReviewVerdict, readonly string[]>> = {
  agree: ['label'],
  relabel: ['label', 'taxon', 'rank', 'group'],
  'not-insect': ['taxon', 'rank', 'group'],
  unsure: [],
  undo: ['review'],
};

const SHAPE = {
  verdict: oneOf(...REVIEW_VERDICTS).meta({
    description:
      '`agree`: the model is right. `relabel`: it is what `label` or `taxon` says. `not-insect`. `unsure`: nobody can tell. `undo`: takes a review back',
  }),
  label: label().optional().meta({
    description:
      'With `relabel`: a label of the active model (`GET /labels`). With `agree`: the label that you saw; refused where the model says something else by now',
  }),
  taxon: taxonName().optional().meta({ description: 'Scientific name, where no label fits' }),
  rank: rank().optional(),
  group: label().optional().meta({ description: 'Coarse group of the taxon, such as `hoverflies`' }),
  review: reviewId().optional().meta({ description: 'With `undo`: which; otherwise the one that decides' }),
  comment: comment(),
};

/** What a person says of a run. */
export const REVIEW_BODY = onlyTheseFields(SHAPE).superRefine((body, context) => {
  const tell = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  const given = Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  for (const field of given)
    if (field !== 'verdict' && field !== 'comment' && !FIELDS[body.verdict].includes(field))
      tell(field, `does not go with the verdict ${body.verdict}`);
  if (body.verdict === 'relabel' && body.label === undefined && body.taxon === undefined)
    tell('label', 'is needed with the verdict relabel, or a taxon');
  if (body.label !== undefined && body.taxon !== undefined) tell('taxon', 'cannot stand beside a label');
  for (const field of ['rank', 'group'] as const)
    if (body[field] !== undefined && body.taxon === undefined) tell(field, 'goes with a taxon only');
});
export type ReviewBody = z.output<typeof REVIEW_BODY>;

/** Which review `DELETE` takes back. */
export const UNDO_QUERY = z.object({
  review: z
    .string({ error: 'must be given once' })
    .regex(/^[1-9]\d{0,8}$/, { error: 'must be the id of a review, such as 1' })
    .transform(Number)
    .meta({ wire: { type: 'integer', minimum: 1, description: 'Which; otherwise the one that decides' } })
    .optional(),
});

function taxonName() {
  const error =
    'must be a scientific name such as "Volucella zonaria" or "Nomada goodeniana (Kirby, 1802)": a capital letter, then letters, digits, spaces and . , & ( ) / - \' ×, 128 characters at most';
  return z.string({ error }).transform(tidyName).pipe(z.string().refine(isScientificName, { error }));
}

function rank() {
  const error = 'must be a rank in small letters, such as species, genus or family';
  return z
    .string({ error })
    .regex(/^[a-z][a-z -]{1,31}$/, { error })
    .meta({ examples: ['species'] });
}

function reviewId() {
  const error = 'must be the id of a review, such as 1';
  return z.int({ error }).min(1, { error }).max(999_999_999, { error });
}

export function comment() {
  const error = `must be text of at most ${COMMENT_CHARACTERS} characters`;
  return z
    .string({ error })
    .max(COMMENT_CHARACTERS, { error })
    .refine((text) => !UNPRINTABLE.test(text), { error: 'must not hold control or broken characters' })
    .transform((text) => text.trim() || undefined)
    .optional()
    .meta({ description: 'Shown to editors only: it may tell a place' });
}
