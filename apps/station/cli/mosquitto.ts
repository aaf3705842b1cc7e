import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Account, listAccounts, newSecret, trapsOf } from '../../../features/accounts/index.js';
import { mosquittoAcl } from '../../../libs/protocol/index.js';
import { plural } from '../../../libs/text/index.js';
import { print, withCatalog } from './context.js';

interface Options {
  readonly out: string;
  readonly serviceUser: string;
  readonly json?: boolean;
}

export function addMosquittoCommand(program: Command): void {
  program
    .command('mosquitto')
    .description(
      "write Mosquitto's password and ACL files from the accounts; again after every change of them",
    )
    .requiredOption('--out <folder>', 'where the files `passwords` and `acl` go')
    .option('--service-user <name>', 'user name of the service itself', 'trapline')
    .option('--json', 'print one line of JSON')
    .action(write);
}

async function write({ out, serviceUser, json }: Options): Promise<void> {
  const { mosquittoPassword } = await import('../../../libs/mqtt/external/mosquitto-password.js');
  await withCatalog(async ({ reader }, config) => {
    const known = passwordIn(config.mqtt.url, serviceUser);
    const password = known ?? newSecret();
    const accounts = [...(await listAccounts(reader, 'trap')), ...(await listAccounts(reader, 'key'))];
    const users = accounts.filter((account) => account.mosquitto_hash !== null);
    if (users.some(({ name }) => name === serviceUser))
      throw new Error(`--service-user ${serviceUser} is the name of an account: choose another one`);
    const acl = mosquittoAcl(
      serviceUser,
      users.filter(isReader).map((account) => ({ user: account.name, traps: trapsOf(account) })),
      config.homeAssistant.prefix,
    );
    const lines = [
      `${serviceUser}:${mosquittoPassword(password)}`,
      ...users.map((account) => `${account.name}:${account.mosquitto_hash}`),
    ];
    const folder = resolve(out);
    await writePrivately(folder, 'passwords', `${lines.join('\n')}\n`);
    await writePrivately(folder, 'acl', acl);
    const told =
      known === undefined
        ? `\n\n  MQTT_URL=mqtt://${serviceUser}:${password}@<host of Mosquitto>:1883\n`
        : '';
    const text = `${plural(users.length, 'account is', 'accounts are')} written to ${folder}; Mosquitto must be able to read them. Send it a SIGHUP.${told && ` The service connects with${told}`}`;
    print(json, { folder, accounts: users.length, user: serviceUser, password }, text);
  });
}

const isReader = ({ kind }: Account) => kind === 'key';

/** The password that the service has already, so that writing the files again does not lock it out. */
function passwordIn(mqttUrl: string | undefined, user: string): string | undefined {
  const url = mqttUrl ? new URL(mqttUrl) : undefined;
  return url?.password && decodeURIComponent(url.username) === user
    ? decodeURIComponent(url.password)
    : undefined;
}

/** Whole or not at all, since the broker may read it at any moment. */
async function writePrivately(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${name}.new`);
  await writeFile(temporary, text, { mode: 0o600 });
  await chmod(temporary, 0o600); // one that was left behind keeps its mode otherwise
  await rename(temporary, join(folder, name));
}
