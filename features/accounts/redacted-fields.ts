const NAMES = [
  'authorization',
  'access_token',
  'cookie',
  'password',
  'passwordHash',
  'password_hash',
  'secret',
  'signature',
  'token',
];

/** For pino's `redact`. Nobody should log any of these; whoever does it by accident, logs that it was there. */
export const NEVER_LOGGED: string[] = NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
