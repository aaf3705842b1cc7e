import { readFile } from 'node:fs/promises';
import { type NewAccount, newSecret, putAccount, removeAccount } from '../../features/accounts/index.js';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { plural } from '../../libs/text/index.js';
import type { TrapAccount } from './sending/trap-account.js';

/** How the simulation gets in. */
export interface Access {
  readonly traps: readonly TrapAccount[];
  /** For REST; undefined = nothing can be compared. */
  readonly key?: string | undefined;
  /** Takes back what was made for the simulation. */
  release(): Promise<void>;
}

/** A command has nothing else to do while the service writes. */
const PATIENCE_MS = 10_000;

/** So many in a commit: the service writes to the same tables meanwhile. */
const ACCOUNTS_AT_ONCE = 200;

/** Makes accounts in the catalog of the service, for as long as the simulation runs. */
export async function accessByCatalog(config: Config, trapIds: readonly string[]): Promise<Access> {
  const traps = trapIds.map((trapId) => ({ trapId, password: newSecret() }));
  const key = newSecret();
  const accounts: NewAccount[] = [
    { kind: 'key', name: `simulator-${process.pid}`, role: 'editor', secret: key },
    ...traps.map(({ trapId, password }): NewAccount => {
      return { kind: 'trap', name: trapId, role: 'device', secret: password };
    }),
  ];
  const remove = async (db: Catalog['db'], { kind, name }: NewAccount) => {
    await removeAccount(db, kind, name);
  };
  await eachInCatalog(config, accounts, (db, account) => putAccount(db, account, Date.now()));
  return { traps, key, release: () => eachInCatalog(config, accounts, remove) };
}

async function eachInCatalog(
  config: Config,
  accounts: readonly NewAccount[],
  change: (db: Catalog['db'], account: NewAccount) => Promise<void>,
): Promise<void> {
  const catalog = await Catalog.open({ ...config, patienceMs: PATIENCE_MS, mustExist: true });
  try {
    for (let first = 0; first < accounts.length; first += ACCOUNTS_AT_ONCE) {
      await catalog.db.transaction().execute(async (tx) => {
        for (const account of accounts.slice(first, first + ACCOUNTS_AT_ONCE)) await change(tx, account);
      });
    }
  } finally {
    await catalog.close();
  }
}

/**
 * Accounts that somebody else made, such as with `trapline trap add <id> --json`.
 *
 * @param path a file with one JSON object a line, `{"trapId": …, "password": …}`
 */
export async function accessByFile(path: string, count: number, key: string | undefined): Promise<Access> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim());
  const traps = lines.slice(0, count).map((line, i): TrapAccount => {
    const { trapId, password } = parse(line);
    if (typeof trapId !== 'string' || typeof password !== 'string')
      throw new Error(`${path}, line ${i + 1}: must be {"trapId": "…", "password": "…"}`);
    return { trapId, password };
  });
  if (traps.length < count)
    throw new Error(`${path} has ${plural(traps.length, 'account')}, --traps asks for ${count}`);
  return { traps, key, release: async () => {} };
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
