import { randomInt } from 'node:crypto';

/** In characters. The longest one is a limit on work, not on people. */
export const PASSWORD_LENGTH = { min: 12, max: 256 } as const;

/** argon2id with 19 MiB and 2 passes, the least that OWASP names for it: about 20 ms of one core. */
const COST = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;

export function isPassword(text: string): boolean {
  const length = [...text].length;
  return length >= PASSWORD_LENGTH.min && length <= PASSWORD_LENGTH.max;
}

/** A password nobody can guess (25 of 31 characters: 123 bits) and a person can type. */
export function newPassword(): string {
  const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** For passwords that people choose: each try to guess one costs memory and time. @returns a PHC string */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import('@node-rs/argon2');
  return hash(asTyped(password), COST);
}

/** Takes as long where there is no such person, so that the time tells nothing. */
export async function isPasswordOf(passwordHash: string | undefined, password: string): Promise<boolean> {
  const { verify } = await import('@node-rs/argon2');
  const fits = await verify(passwordHash ?? (await placeholderHash()), asTyped(password));
  return fits && passwordHash !== undefined;
}

/** Keyboards differ in how they make an `ü`. */
const asTyped = (password: string): string => password.normalize('NFKC');

let placeholder: Promise<string> | undefined;
function placeholderHash(): Promise<string> {
  placeholder ??= hashPassword(newPassword());
  return placeholder;
}
