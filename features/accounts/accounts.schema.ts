import { z } from 'zod';
import { isId } from '../../libs/domain/index.js';
import { instant, link, oneOf } from '../http/index.js';
import { isKeyName } from './accounts.repository.js';
import { isPassword, PASSWORD_LENGTH } from './password.js';
import { readPersonName } from './users.repository.js';

const ROLE = z.enum(['device', 'viewer', 'editor', 'admin']);
const PERSON_ROLE = z.enum(['viewer', 'editor', 'admin']);
const SEEN_TRAPS = z
  .array(z.string())
  .nullable()
  .meta({ description: 'Ids of the only traps that may be seen; null: all traps' });
const shownOnce = () => z.string().meta({ description: 'Shown this once: only a hash of it is kept' });

export const KEY = z
  .strictObject({
    name: z.string(),
    role: ROLE,
    traps: SEEN_TRAPS,
    createdAt: instant(),
    lastUsedAt: instant().nullable(),
  })
  .meta({ id: 'Key' });
export const EXAMPLE_KEY: z.output<typeof KEY> = {
  name: 'office',
  role: 'viewer',
  traps: null,
  createdAt: '2026-06-01T08:00:00.000Z',
  lastUsedAt: null,
};

export const MADE_KEY = z
  .strictObject({ name: z.string(), role: ROLE, key: shownOnce() })
  .meta({ id: 'MadeKey' });
export const EXAMPLE_MADE_KEY: z.output<typeof MADE_KEY> = {
  name: 'office',
  role: 'viewer',
  key: 'q3ZQ0Yk1c7n6l2S0c8sYlq4xqk7b8k1mB2v3n4c5x6z',
};

export const USER = z
  .strictObject({
    name: z.string(),
    role: PERSON_ROLE,
    traps: SEEN_TRAPS,
    disabled: z.boolean(),
    createdAt: instant(),
    lastLoginAt: instant().nullable(),
  })
  .meta({ id: 'User', description: 'A person who logs in' });
export const EXAMPLE_USER: z.output<typeof USER> = {
  name: 'anna',
  role: 'editor',
  traps: null,
  disabled: false,
  createdAt: '2026-06-01T08:00:00.000Z',
  lastLoginAt: null,
};

export const MADE_USER = z
  .strictObject({ ...USER.shape, password: shownOnce().optional() })
  .meta({ id: 'MadeUser' });
export const EXAMPLE_MADE_USER: z.output<typeof MADE_USER> = {
  ...EXAMPLE_USER,
  password: 'k7mqx-hd4w9-2nfpr-ab6ys-eu3tz',
};

export const LOGGED_IN = z
  .strictObject({
    token: z.string().meta({ description: 'Sent as keys are: `Authorization: Bearer <token>`' }),
    expiresAt: instant(),
    name: z.string(),
    role: PERSON_ROLE,
  })
  .meta({ id: 'LoggedIn' });
export const EXAMPLE_LOGGED_IN: z.output<typeof LOGGED_IN> = {
  token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJnZW4iOjF9.WJ0Kp2z7fDqk1d0b5b4nYw6tQ0aH3mZ8cV9xS2uLr1E',
  expiresAt: '2026-06-01T20:00:00.000Z',
  name: 'anna',
  role: 'editor',
};

export const ME = z
  .strictObject({
    kind: z.enum(['trap', 'key', 'user']),
    name: z.string(),
    role: ROLE,
    traps: SEEN_TRAPS,
    expiresAt: instant().nullable().meta({ description: 'Of a login; a key lasts until it is revoked' }),
  })
  .meta({ id: 'Me' });
export const EXAMPLE_ME: z.output<typeof ME> = {
  kind: 'user',
  name: 'anna',
  role: 'editor',
  traps: null,
  expiresAt: '2026-06-01T20:00:00.000Z',
};

export const SESSION = z
  .strictObject({
    user: z
      .strictObject({
        kind: z.enum(['trap', 'key', 'user']),
        name: z.string(),
        role: ROLE,
        traps: SEEN_TRAPS,
        language: z.enum(['de', 'en']).nullable().meta({ description: 'Null: that of the browser' }),
        expiresAt: instant().nullable(),
        mustSetPassword: z.boolean().meta({ description: 'Logged in by a link: a password is to be chosen' }),
      })
      .nullable()
      .meta({ description: 'Null where nobody is logged in' }),
    station: z.strictObject({
      version: z.string(),
      timeZone: z.string().meta({ description: 'Of traps that name none' }),
      publicUrl: link().nullable(),
      grafanaUrl: link().nullable(),
      publicThumbnails: z.boolean(),
      rightsHolder: z.string().nullable(),
      licence: z.string().nullable().meta({ description: 'Of the data' }),
      mediaLicence: z.string().nullable().meta({ description: 'Of the pictures' }),
      needsFirstStart: z.boolean().meta({
        description: 'Nobody has a password yet: the link that the service printed has not been used',
      }),
    }),
  })
  .meta({ id: 'BrowserSession', description: 'Who is logged in in this browser' });
export const EXAMPLE_SESSION: z.output<typeof SESSION> = {
  user: {
    kind: 'user',
    name: 'anna',
    role: 'editor',
    traps: null,
    language: 'de',
    expiresAt: '2026-06-01T20:00:00.000Z',
    mustSetPassword: false,
  },
  station: {
    version: '0.1.0',
    timeZone: 'Europe/Zurich',
    publicUrl: null,
    grafanaUrl: null,
    publicThumbnails: false,
    rightsHolder: 'Meadow Group',
    licence: 'CC0-1.0',
    mediaLicence: 'CC-BY-4.0',
    needsFirstStart: false,
  },
};

export const LOGIN_LINK = z
  .strictObject({
    url: link().meta({ description: 'Shown this once: only a hash of it is kept' }),
    path: z.string(),
    expiresAt: instant(),
  })
  .meta({ id: 'LoginLink', description: 'Logs one person in, once' });
export const EXAMPLE_LOGIN_LINK: z.output<typeof LOGIN_LINK> = {
  url: 'https://traps.example.org/first-start#q3ZQ0Yk1c7n6l2S0c8sYlq4xqk7b8k1mB2v3n4c5x6z',
  path: '/first-start#q3ZQ0Yk1c7n6l2S0c8sYlq4xqk7b8k1mB2v3n4c5x6z',
  expiresAt: '2026-06-02T08:00:00.000Z',
};

export const MADE_CREDENTIALS = z
  .strictObject({ trapId: z.string(), user: z.string(), password: shownOnce() })
  .meta({ id: 'MadeCredentials' });
export const EXAMPLE_MADE_CREDENTIALS: z.output<typeof MADE_CREDENTIALS> = {
  trapId: 'meadow-1',
  user: 'meadow-1',
  password: 'q3ZQ0Yk1c7n6l2S0c8sYlq4xqk7b8k1mB2v3n4c5x6z',
};

export const SIGNED = z
  .strictObject({
    urls: z.array(link()).meta({ description: 'In the order of the request' }),
    expiresAt: instant(),
  })
  .meta({ id: 'SignedUrls' });
const THUMBNAIL = '/api/v1/runs/meadow-1/run-1/crops/0001/thumbnail?size=128';
export const EXAMPLE_TO_SIGN = { urls: [THUMBNAIL], expiresInS: 86_400 };
export const EXAMPLE_SIGNED: z.output<typeof SIGNED> = {
  urls: [`${THUMBNAIL}&expires=1780300800&signature=3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs`],
  expiresAt: '2026-06-01T08:00:00.000Z',
};

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

const MOST_TRAPS = 200;

/** The only traps that a key or a person may see; null: all. */
export const seenTraps = () => {
  const error = `must be null (all traps), or a list of 1 to ${MOST_TRAPS} ids of traps`;
  const trap = z.string({ error }).refine(isId, { error });
  return z.array(trap, { error }).min(1, { error }).max(MOST_TRAPS, { error }).nullable();
};

export const keyRole = () => oneOf('device', 'viewer', 'editor', 'admin');
export const personRole = () => oneOf('viewer', 'editor', 'admin');
