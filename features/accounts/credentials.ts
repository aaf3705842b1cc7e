import type { Db } from '../../libs/database/index.js';
import { isId } from '../../libs/domain/index.js';
import { mosquittoPassword } from '../../libs/mqtt/index.js';
import {
  type Account,
  addAccount,
  changeSecret,
  type NewAccount,
  newSecret,
  putAccount,
} from './accounts.repository.js';

/** The role of a trap belongs to a trap: the name of such a key is the trap's id. */
export const isNameFor = (role: Account['role'], name: string): boolean => role !== 'device' || isId(name);

/** @returns the key, to be shown once; undefined where there is one of that name: somebody uses it */
export async function makeKey(
  db: Db,
  { role, name, traps }: Pick<NewAccount, 'role' | 'name' | 'traps'>,
  nowMs: number,
): Promise<string | undefined> {
  const secret = newSecret();
  // Readers over Mosquitto: from this role on, and with a name that no trap can have.
  const reads = (role === 'editor' || role === 'admin') && !isId(name);
  const mosquittoHash = reads ? mosquittoPassword(secret) : undefined;
  const isNew = await addAccount(db, { kind: 'key', name, role, traps, secret, mosquittoHash }, nowMs);
  return isNew ? secret : undefined;
}

/** Makes the account of a trap, or gives it a new password. @returns the password, to be shown once */
export async function makeTrapAccount(db: Db, trapId: string, nowMs: number): Promise<string> {
  const account = newTrapAccount(trapId);
  await putAccount(db, account, nowMs);
  return account.secret;
}

/** @returns the password, to be shown once; undefined where the trap has an account: it keeps its password */
export async function addTrapAccount(db: Db, trapId: string, nowMs: number): Promise<string | undefined> {
  const account = newTrapAccount(trapId);
  return (await addAccount(db, account, nowMs)) ? account.secret : undefined;
}

/** @returns the new password, to be shown once; undefined where the trap has no account */
export async function changeTrapPassword(db: Db, trapId: string): Promise<string | undefined> {
  const account = newTrapAccount(trapId);
  return (await changeSecret(db, account)) ? account.secret : undefined;
}

function newTrapAccount(trapId: string): NewAccount {
  const secret = newSecret();
  return { kind: 'trap', name: trapId, role: 'device', secret, mosquittoHash: mosquittoPassword(secret) };
}
