import type { Command } from 'commander';
import { listAccounts, removeAccount } from '../../../features/accounts/index.js';
import { brokerAddress, listTraps, localHost, login } from '../../../features/traps/index.js';
import type { Config } from '../../../libs/config/index.js';
import { topicOf } from '../../../libs/protocol/index.js';
import { asTime, asTimeOrNull, idArgument, print, table, withCatalog } from './context.js';

export function addTrapCommands(program: Command): void {
  const trap = program.command('trap').description('accounts of traps');
  trap
    .command('add')
    .description('create the account of a trap')
    .argument('<id>', 'id of the trap, which is its user name too', idArgument)
    .option('--json', 'print one line of JSON')
    .action(add);
  trap
    .command('password')
    .description('give a trap a new password; the old one stops working, and ends its connection')
    .argument('<id>', 'id of the trap', idArgument)
    .option('--json', 'print one line of JSON')
    .action(password);
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
  const { addTrapAccount } = await import('../../../features/accounts/credentials.js');
  await withCatalog(async ({ db }, config) => {
    const secret = await addTrapAccount(db, trapId, Date.now());
    if (!secret)
      throw new Error(
        `the trap ${trapId} has an account: trap password ${trapId} gives it a new password, trap remove takes it away`,
      );
    print(json, { trapId, user: trapId, password: secret }, howToConnect(trapId, secret, config));
  });
}

async function password(trapId: string, { json }: { json?: boolean }): Promise<void> {
  const { changeTrapPassword } = await import('../../../features/accounts/credentials.js');
  await withCatalog(async ({ db }, config) => {
    const secret = await changeTrapPassword(db, trapId);
    if (!secret) throw new Error(`there is no account of a trap ${trapId}: trap add ${trapId} creates it`);
    print(json, { trapId, user: trapId, password: secret }, howToConnect(trapId, secret, config));
  });
}

function howToConnect(trapId: string, password: string, config: Config): string {
  const broker = brokerAddress(config);
  // A trap does not run on this machine.
  const host = !config.mqtt.url && isAnyHost(config.host) ? '<address of this machine>' : broker.host;
  const tryIt =
    broker.flags === undefined
      ? []
      : [
          'Try it:',
          `  mosquitto_pub ${login({ ...broker, host }, trapId, password)} -r -t ${topicOf.status(trapId)} -m '{"v":1,"state":"online"}'`,
        ];
  return [
    `The account of ${trapId}. Its password is shown this once: only a hash of it is kept.`,
    `  broker    ${host}, port ${broker.port}\n  user      ${trapId}\n  password  ${password}`,
    ...(broker.accounts ? [broker.accounts] : []),
    ...tryIt,
  ].join('\n\n');
}

const isAnyHost = (host: string): boolean => localHost(host) !== host;

async function list({ json }: { json?: boolean }): Promise<void> {
  await withCatalog(async ({ reader }) => {
    const seen = new Map((await listTraps(reader)).map((trap) => [trap.trapId, trap.lastMessageAtMs]));
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
