import { z } from 'zod';
import { isKeyName, isPassword, PASSWORD_LENGTH, readPersonName } from '../../../libs/catalog/index.js';
import { oneOf } from '../parameters.js';

/** Longer than any name or password: who sends more is not logging in. */
const LONGEST_TYPED = 1024;
const NAME = 'must have 1 to 64 of A-Z a-z 0-9 _ . @ - after a letter or digit';

/** What somebody types to log in; whether it is right is not a question of its form. */
export const typed = () => {
  const error = `must be a text of 1 to ${LONGEST_TYPED} characters`;
  return z.string({ error }).min(1, { error }).max(LONGEST_TYPED, { error });
};

/** For the document. */
const wireOf = (description: string, example: string) => ({
  wire: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$', description, examples: [example] },
});

export const keyName = () =>
  z.string({ error: NAME }).refine(isKeyName, { error: NAME }).meta(wireOf('Whose key it is', 'office'));

export const personName = () =>
  z
    .string({ error: NAME })
    .transform((text, context) => {
      const name = readPersonName(text);
      if (name !== undefined) return name;
      context.addIssue({ code: 'custom', message: NAME });
      return z.NEVER;
    })
    .meta(wireOf('What the person logs in with; capitals count as small', 'anna'));

export const newPasswordText = () => {
  const error = `must have ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters`;
  const { min, max } = PASSWORD_LENGTH;
  const wire = { type: 'string', minLength: min, maxLength: max };
  return z.string({ error }).refine(isPassword, { error }).meta({ wire });
};

export const keyRole = () => oneOf('device', 'viewer', 'editor', 'admin');
export const personRole = () => oneOf('viewer', 'editor', 'admin');
