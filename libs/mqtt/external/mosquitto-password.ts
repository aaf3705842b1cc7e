import { pbkdf2Sync, randomBytes } from 'node:crypto';

// What `mosquitto_passwd` 2.0 writes; the broker reads the count from the line. The secrets are random and
// long, so stretching them more would only cost the broker time when thousands of traps reconnect.
const ITERATIONS = 101;
const SALT_BYTES = 12;
const KEY_BYTES = 64;

/**
 * The hash of one account for Mosquitto's `password_file`: `$7$`, PBKDF2 with SHA-512. A line of the file is
 * `user:hash`. Every call draws a new salt.
 */
export function mosquittoPassword(secret: string): string {
  const salt = randomBytes(SALT_BYTES);
  const key = pbkdf2Sync(secret, salt, ITERATIONS, KEY_BYTES, 'sha512');
  return `$7$${ITERATIONS}$${salt.toString('base64')}$${key.toString('base64')}`;
}
