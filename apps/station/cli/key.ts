import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Account, isKeyName, listAccounts, removeAccount } from '../../../features/accounts/index.js';
import { asTime, asTimeOrNull, print, table, withCatalog } from './context.js';

/** `device`: a trap that sends over HTTP, and whose id is the key's name. */
const ROLES = ['device', 'viewer', 'editor', 'admin'] as const;

export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('keys for the API');
  key
    .command('create')
    .description('make a key for a person or a program')
    .addOption(new Option('--role <role>', 'what the key may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--name <name>', 'whose key it is; with --role device, the id of the trap', nameOption)
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
  if (isKeyName(text)) return text;
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
  const { isNameFor, makeKey } = await import('../../../features/accounts/credentials.js');
  if (!isNameFor(role, name))
    throw new Error(`--name ${name} is not the id of a trap: --role device needs one`);
  await withCatalog(async ({ db }) => {
    const secret = await makeKey(db, { role, name }, Date.now());
    if (!secret) throw new Error(`there is a key ${name}: revoke it first`);
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
      lastUsedAt: asTimeOrNull(key.last_used_at),
    }));
    const rows = keys.map((key) => [key.name, key.role, key.createdAt, key.lastUsedAt ?? '-']);
    print(json, keys, table([['key', 'role', 'made', 'last used'], ...rows]));
  });
}

async function revoke(name: string): Promise<void> {
  await withCatalog(async ({ db }) => {
    if (!(await removeAccount(db, 'key', name))) throw new Error(`there is no key ${name}`);
    print(false, undefined, `The key ${name} is worthless now.`);
  });
}
