import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Account,
  listAccounts,
  newSecret,
  putAccount,
  removeAccount,
} from '../../../libs/catalog/index.js';
import { isId } from '../../../libs/domain/index.js';
import { asTime, print, table, withCatalog } from './context.js';

const ROLES = ['viewer', 'editor', 'admin'] as const;
/** An `@` makes a name that no trap can have: such a key may read over Mosquitto too. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/;

export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('keys for the API');
  key
    .command('create')
    .description('make a key for a person or a program')
    .addOption(new Option('--role <role>', 'what the key may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--name <name>', 'whose key it is', nameOption)
    .option('--json', 'print one line of JSON')
    .action(create);
  key
    .command('list')
    .description('list the keys, without their secrets')
    .option('--json', 'print one line of JSON')
    .action(list);
  key
    .command('revoke')
    .description('make a key worthless')
    .argument('<name>', 'name of the key')
    .action(revoke);
}

function nameOption(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError('A name has 1 to 64 of A-Z a-z 0-9 _ . @ - after a letter or digit.');
}

async function create({
  role,
  name,
  json,
}: {
  role: Account['role'];
  name: string;
  json?: boolean;
}): Promise<void> {
  const secret = newSecret();
  const { mosquittoPassword } = await import('../../../libs/mqtt/index.js');
  await withCatalog(async ({ db }) => {
    const keys = await listAccounts(db, 'key');
    if (keys.some((key) => key.name === name)) throw new Error(`there is a key ${name}: revoke it first`);
    const mosquittoHash = role !== 'viewer' && !isId(name) ? mosquittoPassword(secret) : undefined;
    await putAccount(db, { kind: 'key', name, role, secret, mosquittoHash }, Date.now());
    const text = `The key ${name} (${role}), shown this once: only a hash of it is kept.\n\n  ${secret}\n\nUse it as: Authorization: Bearer <key>`;
    print(json, { name, role, key: secret }, text);
  });
}

async function list({ json }: { json?: boolean }): Promise<void> {
  await withCatalog(async ({ reader }) => {
    const keys = (await listAccounts(reader, 'key')).map((key) => ({
      name: key.name,
      role: key.role,
      createdAt: asTime(key.created_at),
      lastUsedAt: asTime(key.last_used_at),
    }));
    const rows = keys.map((key) => [key.name, key.role, key.createdAt, key.lastUsedAt]);
    print(json, keys, table([['key', 'role', 'made', 'last used'], ...rows]));
  });
}

async function revoke(name: string): Promise<void> {
  await withCatalog(async ({ db }) => {
    if (!(await removeAccount(db, 'key', name))) throw new Error(`there is no key ${name}`);
    print(false, undefined, `The key ${name} is worthless now.`);
  });
}
