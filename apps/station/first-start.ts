import {
  addPerson,
  type Catalog,
  hashPassword,
  listAccounts,
  listPeople,
  newPassword,
  newSecret,
  putAccount,
} from '../../libs/catalog/index.js';
import { mosquittoPassword } from '../../libs/mqtt/index.js';

/** The secrets of the first start: shown once, kept only as hashes. */
export interface FirstSecrets {
  readonly adminKey: string;
  readonly user: string;
  readonly userPassword: string;
  readonly trapId: string;
  readonly trapPassword: string;
}

const FIRST_TRAP = 'trap-1';
const FIRST_KEY = 'first-admin';
const FIRST_USER = 'admin';

/**
 * Makes an administrator's key, the user `admin` and a first trap's account where the catalog has no account at all.
 *
 * @returns undefined at every later start
 */
export async function firstSecrets(catalog: Catalog): Promise<FirstSecrets | undefined> {
  const { db } = catalog;
  const accounts = [...(await listAccounts(db, 'trap')), ...(await listAccounts(db, 'key'))];
  if (accounts.length || (await listPeople(db, { limit: 1 })).length) return undefined;
  const nowMs = Date.now();
  const secrets = {
    adminKey: newSecret(),
    user: FIRST_USER,
    userPassword: newPassword(),
    trapId: FIRST_TRAP,
    trapPassword: newSecret(),
  };
  const passwordHash = await hashPassword(secrets.userPassword);
  await db.transaction().execute(async (tx) => {
    await putAccount(tx, { kind: 'key', name: FIRST_KEY, role: 'admin', secret: secrets.adminKey }, nowMs);
    await addPerson(tx, { name: FIRST_USER, role: 'admin', passwordHash }, nowMs);
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

/** How to connect a trap and how to look, with the secrets: for the terminal, once, and never for a log. */
export function welcome(
  secrets: FirstSecrets,
  at: { readonly host: string; readonly mqttPort: number; readonly http: string },
): string {
  const login = `-h ${at.host} -p ${at.mqttPort} -u ${secrets.trapId} -P ${secrets.trapPassword} -q 1`;
  const run = `traps/v1/${secrets.trapId}/runs/run-1`;
  return `
First start: these secrets are shown this once. Only their hashes are kept.

  API key (admin)   ${secrets.adminKey}
  Person (admin)    user ${secrets.user}   password ${secrets.userPassword}
  Trap              user ${secrets.trapId}   password ${secrets.trapPassword}

Send a first run, with any picture of an insect:

  mosquitto_pub ${login} -t ${run}/crops/0001 -f insect.jpg
  mosquitto_pub ${login} -t ${run}/end -m '{"v":1,"status":"complete","end":"${new Date().toISOString()}","crops":1}'

And see what became of it:

  curl -H 'Authorization: Bearer ${secrets.adminKey}' ${at.http}/api/v1/runs

More of them: npm run trapline -- trap add <id>, user add <name> --role viewer, key create --role viewer --name <name>
`;
}
