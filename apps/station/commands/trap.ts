import type { Command } from 'commander';
import { listAccounts, listTraps, removeAccount } from '../../../libs/catalog/index.js';
import type { Config } from '../../../libs/config/index.js';
import { topicOf } from '../../../libs/protocol/index.js';
import { asTime, asTimeOrNull, idArgument, print, table, withCatalog } from './context.js';

/** Of brokers whose URL names none; WebSocket has those of the web. */
const STANDARD_PORT: Record<string, string> = { 'mqtts:': '8883', 'ws:': '80', 'wss:': '443' };

export function addTrapCommands(program: Command): void {
  const trap = program.command('trap').description('accounts of traps');
  trap
    .command('add')
    .description('make the account of a trap, or give it a new password')
    .argument('<id>', 'id of the trap, which is its user name too', idArgument)
    .option('--json', 'print one line of JSON')
    .action(add);
  trap
    .command('list')
    .description('list the traps that have an account')
    .option('--json', 'print one line of JSON')
    .action(list);
  trap
    .command('remove')
    .description('take the account of a trap away; its runs and images stay')
    .argument('<id>', 'id of the trap', idArgument)
    .action(remove);
}

async function add(trapId: string, { json }: { json?: boolean }): Promise<void> {
  const { makeTrapAccount } = await import('../../api/accounts/make-account.js');
  await withCatalog(async ({ db }, config) => {
    const secret = await makeTrapAccount(db, trapId, Date.now());
    print(json, { trapId, user: trapId, password: secret }, howToConnect(trapId, secret, config));
  });
}

function howToConnect(trapId: string, password: string, config: Config): string {
  const { host, port, more } = brokerOf(config);
  return `The account of ${trapId}. Its password is shown this once: only a hash of it is kept.

  broker    ${host}, port ${port}
  user      ${trapId}
  password  ${password}
${more}
Try it:

  mosquitto_pub -h ${host} -p ${port} -u ${trapId} -P ${password} -q 1 -r -t ${topicOf.status(trapId)} -m '{"v":1,"state":"online"}'`;
}

function brokerOf(config: Config): { host: string; port: string; more: string } {
  if (!config.mqtt.url) {
    const host = config.host === '0.0.0.0' ? '<address of this machine>' : config.host;
    return { host, port: String(config.mqtt.port), more: '' };
  }
  const url = new URL(config.mqtt.url);
  const more =
    '\nYour broker must learn of the account: for Mosquitto, npm run trapline -- mosquitto --out <folder>\n';
  return { host: url.hostname, port: url.port || STANDARD_PORT[url.protocol] || '1883', more };
}

async function list({ json }: { json?: boolean }): Promise<void> {
  await withCatalog(async ({ reader }) => {
    const seen = new Map((await listTraps(reader)).map((trap) => [trap.trap_id, trap.last_message_at]));
    const traps = (await listAccounts(reader, 'trap')).map((account) => ({
      trapId: account.name,
      createdAt: asTime(account.created_at),
      lastMessageAt: asTimeOrNull(seen.get(account.name)),
    }));
    const rows = traps.map((trap) => [trap.trapId, trap.createdAt, trap.lastMessageAt ?? '-']);
    print(json, traps, table([['trap', 'account made', 'last message'], ...rows]));
  });
}

async function remove(trapId: string): Promise<void> {
  await withCatalog(async ({ db }) => {
    if (!(await removeAccount(db, 'trap', trapId)))
      throw new Error(`there is no account of a trap ${trapId}`);
    print(false, undefined, `The account of ${trapId} is gone; what it has sent stays.`);
  });
}
