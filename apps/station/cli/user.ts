import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  addPerson,
  changePerson,
  createLoginLink,
  findPerson,
  hashPassword,
  listUsers,
  newPassword,
  type Person,
  passwordFault,
  readPersonName,
  removePerson,
} from '../../../features/accounts/index.js';
import { pagesAddress } from '../../../features/traps/index.js';
import { readConfig } from '../../../libs/config/index.js';
import { asTime, asTimeOrNull, print, table, withCatalog } from './context.js';

const ROLES = ['viewer', 'editor', 'admin'] as const;

interface Options {
  readonly json?: boolean;
  readonly passwordStdin?: boolean;
}

export function addUserCommands(program: Command): void {
  const user = program.command('user').description('people who log in with a name and a password');
  const json = ['--json', 'print one line of JSON'] as const;
  const stdin = ['--password-stdin', 'read the password from the first line of stdin, make none'] as const;
  user
    .command('add')
    .description('add a person')
    .argument('<name>', 'what the person logs in with', nameArgument)
    .addOption(new Option('--role <role>', 'what the person may do').choices(ROLES).makeOptionMandatory())
    .option(...stdin)
    .option(...json)
    .action(add);
  user
    .command('password')
    .description('give a person a new password, and end all logins of that person')
    .argument('<name>', 'name of the person', nameArgument)
    .option(...stdin)
    .option(...json)
    .action(password);
  user
    .command('link')
    .description(
      'make a link that logs a person in once, to choose a password: for the first time, or a lost one',
    )
    .argument('<name>', 'name of the person', nameArgument)
    .option(...json)
    .action(link);
  user
    .command('list')
    .description('list the people')
    .option(...json)
    .action(list);
  user
    .command('remove')
    .description('remove a person, and end all logins of that person')
    .argument('<name>', 'name of the person', nameArgument)
    .option(...json)
    .action(remove);
}

function nameArgument(text: string): string {
  const name = readPersonName(text);
  if (name !== undefined) return name;
  throw new InvalidArgumentError('A name has 1 to 64 of a-z 0-9 _ . @ - after a letter or digit.');
}

async function add(name: string, { role, ...options }: Options & { role: Person['role'] }): Promise<void> {
  const { password, passwordHash } = await passwordFor(name, options);
  await withCatalog(async ({ db }) => {
    if (!(await addPerson(db, { name, role, passwordHash }, Date.now())))
      throw new Error(`there is a user ${name}: give a new password with user password, or remove it first`);
    print(options.json, { name, role, password }, `The user ${name} (${role}).${shown(password)}`);
  });
}

async function password(name: string, options: Options): Promise<void> {
  const { password, passwordHash } = await passwordFor(name, options);
  await withCatalog(async ({ db }) => {
    if (!(await changePerson(db, name, { passwordHash }))) throw new Error(`there is no user ${name}`);
    const text = `A new password for ${name}; all logins of ${name} have ended.${shown(password)}`;
    print(options.json, { name, password }, text);
  });
}

async function link(name: string, { json }: Options): Promise<void> {
  await withCatalog(async ({ db }, config) => {
    const person = await findPerson(db, name);
    if (!person) throw new Error(`there is no user ${name}`);
    const { path, expiresAtMs } = await createLoginLink(db, person.id, Date.now());
    const url = `${pagesAddress(config)}${path}`;
    const text = `This link logs ${name} in once, until ${asTime(expiresAtMs)}, to choose a password:\n\n  ${url}`;
    print(json, { name, url, expiresAt: asTime(expiresAtMs) }, text);
  });
}

const shown = (password: string | undefined): string =>
  password === undefined
    ? ''
    : ` The password is shown this once: only a hash of it is kept.\n\n  ${password}`;

/** One from stdin is known to whoever sent it: only one that is made here is shown. */
async function passwordFor(
  name: string,
  { passwordStdin }: Options,
): Promise<{ password?: string; passwordHash: string }> {
  const given = passwordStdin ? await firstLineOfStdin() : undefined;
  if (given !== undefined) {
    const { publicUrl } = readConfig(process.env);
    const fault = await passwordFault(given, [name, publicUrl && new URL(publicUrl).hostname]);
    if (fault) throw new Error(`the password ${fault}`);
  }
  const password = given ?? newPassword();
  const passwordHash = await hashPassword(password);
  return given === undefined ? { password, passwordHash } : { passwordHash };
}

async function firstLineOfStdin(): Promise<string> {
  const chunks: Buffer[] = await process.stdin.toArray();
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/)[0] ?? '';
}

async function list({ json }: Options): Promise<void> {
  await withCatalog(async ({ reader }) => {
    const people = (await listUsers(reader)).map((person) => ({
      name: person.name,
      role: person.role,
      disabled: person.disabled === 1,
      createdAt: asTime(person.created_at),
      lastLoginAt: asTimeOrNull(person.last_login_at),
    }));
    const rows = people.map((person) => [
      person.name,
      person.disabled ? `${person.role}, disabled` : person.role,
      person.createdAt,
      person.lastLoginAt ?? '-',
    ]);
    print(json, people, table([['user', 'role', 'made', 'last login'], ...rows]));
  });
}

async function remove(name: string, { json }: Options): Promise<void> {
  await withCatalog(async ({ db }) => {
    if (!(await removePerson(db, name))) throw new Error(`there is no user ${name}`);
    print(json, { name, removed: true }, `The user ${name} is gone, and all logins of ${name} have ended.`);
  });
}
