import type { Config } from '../../libs/config/index.js';
import { invalidRequest } from '../http/index.js';
import { isPassword, PASSWORD_LENGTH } from './password.js';

/** Of 0 to 4; 3: more than 10^8 guesses, each of which costs an attacker an argon2. */
const STRONG = 3;
/** What is weak in its beginning stays weak, and the estimate takes ever longer. */
const LOOKED_AT = 64;
/** What stands between the parts of a name. */
const APART = /[^a-z0-9]+/gi;

/**
 * Why a password is not taken: its length, or that it is easy to guess (common, a pattern, a repetition, made of the
 * words that an attacker would try first).
 *
 * @param words what an attacker knows: the name of the person, of the host
 * @returns what it must be, to stand behind its name; undefined where it is good
 */
export async function passwordFault(
  password: string,
  words: readonly (string | undefined)[],
): Promise<string | undefined> {
  if (!isPassword(password) || !isPassword(password.trim()))
    return `must have ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters, blanks at its ends not counted`;
  const known = words.flatMap((word) => (word ? [word, word.replace(APART, ''), ...word.split(APART)] : []));
  const { check } = await estimator();
  const { score } = check(password.normalize('NFKC').trim(), ['trapline', ...known.filter(Boolean)]);
  return score >= STRONG
    ? undefined
    : 'must be harder to guess: it is common, a pattern, or made of a name; take four words that have nothing to do with each other';
}

interface Estimator {
  check(password: string, words: string[]): { readonly score: number };
}

let made: Promise<Estimator> | undefined;
/** Loaded when it is needed first: it takes 8 MB. */
function estimator(): Promise<Estimator> {
  made ??= (async () => {
    const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
      import('@zxcvbn-ts/core'),
      import('@zxcvbn-ts/language-common'),
    ]);
    const factory = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LOOKED_AT });
    return { check: (password, words) => factory.check(password, words) };
  })();
  return made;
}

/** @throws Problem 400 where others could guess the password that somebody has chosen */
export async function expectStrong(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  name: string,
  password: string | undefined,
): Promise<void> {
  if (password === undefined) return;
  const message = await passwordFault(password, [name, publicUrl && new URL(publicUrl).hostname]);
  if (message !== undefined) throw invalidRequest([{ field: 'password', message }]);
}
