import { type Catalog, listAccounts, newSecret, putAccount } from '../../libs/catalog/index.js';
import { mosquittoPassword } from '../../libs/mqtt/index.js';

/** The secrets of the first start: shown once, kept only as hashes. */
export interface FirstSecrets {
  readonly adminKey: string;
  readonly trapId: string;
  readonly trapPassword: string;
}

const FIRST_TRAP = 'trap-1';
const FIRST_KEY = 'first-admin';

/**
 * Makes an administrator's key and a first trap's account where the catalog has no account at all.
 *
 * @returns undefined at every later start
 */
export async function firstSecrets(catalog: Catalog): Promise<FirstSecrets | undefined> {
  const { db } = catalog;
  const accounts = [...(await listAccounts(db, 'trap')), ...(await listAccounts(db, 'key'))];
  if (accounts.length) return undefined;
  const nowMs = Date.now();
  const secrets = { adminKey: newSecret(), trapId: FIRST_TRAP, trapPassword: newSecret() };
  await db.transaction().execute(async (tx) => {
    await putAccount(tx, { kind: 'key', name: FIRST_KEY, role: 'admin', secret: secrets.adminKey }, nowMs);
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
  Trap              user ${secrets.trapId}   password ${secrets.trapPassword}

Send a first run, with any picture of an insect:

  mosquitto_pub ${login} -t ${run}/crops/0001 -f insect.jpg
  mosquitto_pub ${login} -t ${run}/end -m '{"v":1,"status":"complete","end":"${new Date().toISOString()}","crops":1}'

And see what became of it:

  curl -H 'Authorization: Bearer ${secrets.adminKey}' ${at.http}/api/v1/runs

More traps and keys: npm run trapline -- trap add <id>, npm run trapline -- key create --role viewer --name <name>
`;
}
