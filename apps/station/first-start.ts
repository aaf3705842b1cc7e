import {
  addPerson,
  awaitsFirstPassword,
  createLoginLink,
  findPerson,
  listAccounts,
  listUsers,
  newSecret,
  putAccount,
} from '../../features/accounts/index.js';
import { type BrokerAddress, overHttp, overMqtt } from '../../features/traps/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { mosquittoPassword } from '../../libs/mqtt/index.js';

/** The secrets of the first start: shown once, kept only as hashes. */
interface FirstSecrets {
  readonly adminKey: string;
  readonly trapId: string;
  readonly trapPassword: string;
}

const FIRST_TRAP = 'trap-1';
const FIRST_KEY = 'first-admin';
const FIRST_USER = 'admin';

/**
 * Makes an administrator's key, the user `admin`, who has no password yet, and a first trap's account where the catalog has no account at all.
 *
 * @returns undefined at every later start
 */
export async function firstSecrets(catalog: Catalog): Promise<FirstSecrets | undefined> {
  const { db } = catalog;
  const accounts = [...(await listAccounts(db, 'trap')), ...(await listAccounts(db, 'key'))];
  if (accounts.length || (await listUsers(db, { limit: 1 })).length) return undefined;
  const nowMs = Date.now();
  const secrets = {
    adminKey: newSecret(),
    trapId: FIRST_TRAP,
    trapPassword: newSecret(),
  };
  await db.transaction().execute(async (tx) => {
    await putAccount(tx, { kind: 'key', name: FIRST_KEY, role: 'admin', secret: secrets.adminKey }, nowMs);
    await addPerson(tx, { name: FIRST_USER, role: 'admin', passwordHash: '' }, nowMs);
    await putAccount(
      tx,
      {
        kind: 'trap',
        name: secrets.trapId,
        role: 'device',
        secret: secrets.trapPassword,
        mosquittoHash: mosquittoPassword(secrets.trapPassword),
      },
      nowMs,
    );
  });
  return secrets;
}

/**
 * Where a person begins: the pages, or, until somebody has chosen a password, a link that logs the user `admin` in once.
 *
 * @param http address of the pages
 */
export async function firstPage({ db }: Catalog, http: string): Promise<string> {
  const admin = (await awaitsFirstPassword(db)) ? await findPerson(db, FIRST_USER) : undefined;
  if (!admin) return `Trapline: ${http}/\n`;
  const { path } = await createLoginLink(db, admin.id, Date.now());
  return `Open this link within a day; it works once, and asks for a password: ${http}${path}\n`;
}

/** How to connect a trap and how to look, with the secrets: for the terminal, once, and never for a log. */
export function welcome(
  secrets: FirstSecrets,
  at: { readonly broker: BrokerAddress; readonly http: string },
): string {
  return `
First start: these secrets are shown this once. Only their hashes are kept.

  API key (admin)   ${secrets.adminKey}
  Trap              user ${secrets.trapId}   password ${secrets.trapPassword}

Send a first run, with any picture of an insect:

${firstRun(secrets, at)}

It appears on the pages. A program sees it, too:

  curl -H 'Authorization: Bearer ${secrets.adminKey}' ${at.http}/api/v1/runs

More of them: npm run trapline -- trap add <id>, user add <name> --role viewer, key create --role viewer --name <name>

`;
}

/** Over HTTP where the broker is not ours: that works at once, whatever the broker knows of the account. */
function firstRun(
  { trapId, trapPassword }: FirstSecrets,
  { broker, http }: { readonly broker: BrokerAddress; readonly http: string },
): string {
  const trap = { trapId, password: trapPassword };
  const indented = (commands: string) => commands.replace(/^/gm, '  ');
  if (!broker.accounts) return indented(overMqtt(broker, trap));
  const later =
    broker.flags === undefined
      ? `Over MQTT the trap connects to ${broker.host}, port ${broker.port}, by WebSocket. ${broker.accounts}`
      : `Over MQTT it goes to ${broker.host}. ${broker.accounts}\n\n${indented(overMqtt(broker, trap))}`;
  return `${indented(overHttp(http, trap))}\n\n${later}`;
}
