import type { Db } from '../../../libs/database/index.js';
import { hashSecret, newSecret } from '../accounts.repository.js';
import type { Person } from '../users.repository.js';

const HOUR_MS = 3_600_000;
/** Long enough to be sent to somebody; short enough not to lie around. */
const LASTS_MS = 24 * HOUR_MS;

/** A link that logs one person in, once, and lets that person choose a password. */
export interface LoginLink {
  /** Below the address of the pages. The token is in the fragment, which browsers send to nobody. */
  readonly path: string;
  readonly expiresAtMs: number;
}

/** Makes a link for a person, and ends the earlier ones of that person. Only its hash is stored. */
export async function createLoginLink(db: Db, personId: string, nowMs: number): Promise<LoginLink> {
  const token = newSecret();
  const expiresAtMs = nowMs + LASTS_MS;
  await db
    .deleteFrom('login_links')
    .where(({ or, eb }) => or([eb('person_id', '=', personId), eb('expires_at', '<', nowMs)]))
    .execute();
  await db
    .insertInto('login_links')
    .values({
      token_sha256: hashSecret(token),
      person_id: personId,
      made_at: nowMs,
      expires_at: expiresAtMs,
    })
    .execute();
  return { path: `/first-start#${token}`, expiresAtMs };
}

/** Uses a link up. @returns whom it logs in; undefined where it was used before, has expired, or never was one */
export async function useLoginLink(db: Db, token: string, nowMs: number): Promise<Person | undefined> {
  const link = await db
    .deleteFrom('login_links')
    .where('token_sha256', '=', hashSecret(token))
    .returning(['person_id', 'expires_at'])
    .executeTakeFirst();
  if (!link || Number(link.expires_at) <= nowMs) return undefined;
  return db
    .selectFrom('people')
    .selectAll()
    .where('id', '=', link.person_id)
    .where('disabled', '=', 0)
    .executeTakeFirst();
}
