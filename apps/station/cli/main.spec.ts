import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountBySecret, listAccounts } from '../../../features/accounts/index.js';
import { isPasswordOf } from '../../../features/accounts/password.js';
import { findPerson } from '../../../features/accounts/users.repository.js';
import { storeCrops } from '../../../features/crops/index.js';
import { countInProgress, saveClassifications } from '../../../features/observations/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { newCrop } from '../../../test/fixtures/catalog-rows.js';
import { SHORT_LIVED } from '../../../test/fixtures/flags.js';
import { colourModel } from '../../../test/fixtures/model.js';
import { updateRun } from '../../../test/fixtures/run-rows.js';

let folder: string;
let catalog: Catalog;
/** The service keeps the catalog open while operators work on it. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-cli-'));
  catalog = await Catalog.open({ dataDir: folder });
});
afterEach(async () => {
  await catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const trapline = (args: string, env: Record<string, string> = {}, input = ''): Promise<Ended> =>
  run('dist/apps/station/cli/main.js', args.split(' ').filter(Boolean), env, input);

async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<Ended> {
  const child = spawn(process.execPath, [...SHORT_LIVED, resolve(program), ...args], {
    env: { PATH: process.env['PATH'], TRAPLINE_DATA_DIR: folder, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}).end(input);
  const [out, err, status] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((done) => child.once('exit', done)),
  ]);
  return { status, out: out.join(''), err: err.join('') };
}

async function json<T = Record<string, string>>(args: string, env?: Record<string, string>): Promise<T> {
  const { status, out, err } = await trapline(`${args} --json`, env);
  expect({ status, err, lines: out.split('\n').length }).toEqual({ status: 0, err: '', lines: 2 });
  return JSON.parse(out) as T;
}

describe('trapline trap', () => {
  it('makes an account that the service knows at once', async () => {
    const said = await json('trap add trap-7');
    expect(said).toEqual({
      trapId: 'trap-7',
      user: 'trap-7',
      password: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(await accountBySecret(catalog.db, said['password'] as string)).toMatchObject({
      kind: 'trap',
      name: 'trap-7',
      role: 'device',
      mosquitto_hash: expect.stringMatching(/^\$7\$/),
    });
  });

  it('keeps the password of a trap that has an account, and says how to give it a new one', async () => {
    const { password } = await json('trap add trap-7');
    expect(await trapline('trap add trap-7')).toEqual({
      status: 1,
      out: '',
      err: 'error: the trap trap-7 has an account: trap password trap-7 gives it a new password, trap remove takes it away\n',
    });
    expect(await accountBySecret(catalog.db, password as string)).toBeDefined();
  });

  it('gives a trap a new password when it is told to, and the old one stops working', async () => {
    const first = await json('trap add trap-7');
    const second = await json('trap password trap-7');
    expect(await accountBySecret(catalog.db, first['password'] as string)).toBeUndefined();
    expect(await accountBySecret(catalog.db, second['password'] as string)).toMatchObject({
      name: 'trap-7',
      role: 'device',
      mosquitto_hash: expect.stringMatching(/^\$7\$/),
    });
    expect(await trapline('trap password trap-8')).toEqual({
      status: 1,
      out: '',
      err: 'error: there is no account of a trap trap-8: trap add trap-8 creates it\n',
    });
    expect(await listAccounts(catalog.db, 'trap')).toHaveLength(1);
  });

  it('tells a person how to connect', async () => {
    const { out } = await trapline('trap add trap-7', { TRAPLINE_MQTT_PORT: '1999' });
    const [, password] = /password {2}(\S+)/.exec(out) ?? [];
    expect(out).toContain(`mosquitto_pub -h 127.0.0.1 -p 1999 -u trap-7 -P ${password} -q 1`);
    expect(await accountBySecret(catalog.db, password as string)).toBeDefined();
  });

  it('names the external broker without the password of the service', async () => {
    const { out } = await trapline('trap add trap-7', { MQTT_URL: 'mqtts://service:hunter2@broker.example' });
    expect(out).toContain('broker.example, port 8883');
    expect(out).not.toContain('hunter2');
  });

  it('lists the traps and takes accounts away', async () => {
    await trapline('trap add trap-7');
    expect(await json<object[]>('trap list')).toEqual([
      { trapId: 'trap-7', createdAt: expect.any(String), lastMessageAt: null },
    ]);
    expect((await trapline('trap remove trap-7')).status).toBe(0);
    expect(await listAccounts(catalog.db, 'trap')).toEqual([]);
    expect(await trapline('trap remove trap-7')).toEqual({
      status: 1,
      out: '',
      err: 'error: there is no account of a trap trap-7\n',
    });
  });
});

describe('trapline key', () => {
  it('makes, lists and revokes a key', async () => {
    const made = await json('key create --role editor --name anna@lab');
    expect(made).toEqual({ name: 'anna@lab', role: 'editor', key: expect.stringMatching(/^[\w-]{43}$/) });
    expect(await accountBySecret(catalog.db, made['key'] as string)).toMatchObject({
      kind: 'key',
      role: 'editor',
    });
    const { out } = await trapline('key list');
    expect(out).toMatch(/anna@lab {2}editor/);
    expect(out).not.toContain(made['key']);
    expect((await trapline('key revoke anna@lab')).status).toBe(0);
    expect(await accountBySecret(catalog.db, made['key'] as string)).toBeUndefined();
  });

  it('does not replace a key that somebody uses', async () => {
    const made = await json('key create --role admin --name anna');
    expect(await trapline('key create --role admin --name anna')).toMatchObject({
      status: 1,
      err: 'error: there is a key anna: revoke it first\n',
    });
    expect(await accountBySecret(catalog.db, made['key'] as string)).toBeDefined();
  });

  it('makes a key for a trap that sends over HTTP, under the id of the trap', async () => {
    const made = await json('key create --role device --name trap-7');
    expect(await accountBySecret(catalog.db, made['key'] as string)).toMatchObject({
      name: 'trap-7',
      role: 'device',
      mosquitto_hash: null,
    });
    expect(await trapline('key create --role device --name trap@home')).toMatchObject({
      status: 1,
      err: 'error: --name trap@home is not the id of a trap: --role device needs one\n',
    });
  });
});

describe('trapline user', () => {
  const passwordOf = async (name: string, password: string) =>
    isPasswordOf((await findPerson(catalog.db, name))?.password_hash, password);

  it('adds a person with a password that is shown once', async () => {
    const made = await json('user add Anna --role editor');
    expect(made).toEqual({
      name: 'anna',
      role: 'editor',
      password: expect.stringMatching(/^[a-z2-9-]{29}$/),
    });
    expect(await passwordOf('anna', made['password'] as string)).toBe(true);
    const { out } = await trapline('user list');
    expect(out).toMatch(/anna {2}editor/);
    expect(await trapline('user add anna --role admin')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^error: there is a user anna/),
    });
  });

  it('takes a password from stdin, and does not repeat it', async () => {
    const args = 'user add anna --role viewer --password-stdin --json';
    const { status, out } = await trapline(args, {}, 'nine bees on one flower\n');
    expect([status, JSON.parse(out)]).toEqual([0, { name: 'anna', role: 'viewer' }]);
    expect(await passwordOf('anna', 'nine bees on one flower')).toBe(true);
    expect(await trapline('user add ben --role viewer --password-stdin', {}, 'too short')).toEqual({
      status: 1,
      out: '',
      err: 'error: the password must have 12 to 256 characters, blanks at its ends not counted\n',
    });
    expect(await findPerson(catalog.db, 'ben')).toBeUndefined();
  });

  it('gives a person a new password, and ends the logins under the old one', async () => {
    const first = await json('user add anna --role viewer');
    const before = await findPerson(catalog.db, 'anna');
    const second = await json('user password anna');
    expect(await passwordOf('anna', first['password'] as string)).toBe(false);
    expect(await passwordOf('anna', second['password'] as string)).toBe(true);
    expect((await findPerson(catalog.db, 'anna'))?.generation).toBeGreaterThan(before?.generation ?? 0);
  });

  it('removes a person', async () => {
    await json('user add anna --role viewer');
    expect(await json('user remove anna')).toEqual({ name: 'anna', removed: true });
    expect(await json('user list')).toEqual([]);
    for (const args of ['user remove anna', 'user password anna'])
      expect(await trapline(args)).toMatchObject({ status: 1, err: 'error: there is no user anna\n' });
  });
});

describe('trapline mosquitto', () => {
  it('writes accounts and rules that only their owner may read', async () => {
    await trapline('trap add trap-7');
    await trapline('key create --role editor --name anna@lab');
    await trapline('key create --role editor --name like-a-trap');
    const { password } = await json(`mosquitto --out ${folder}/mosquitto --service-user service`);
    const [passwords, acl] = ['passwords', 'acl'].map((name) => {
      const path = join(folder, 'mosquitto', name);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      return readFileSync(path, 'utf8');
    });
    expect(passwords?.split('\n').map((line) => line.split(':')[0])).toEqual([
      'service',
      'trap-7',
      'anna@lab',
      '',
    ]);
    expect(passwords).not.toContain(password);
    expect(acl).toContain('user service\ntopic readwrite traps/v1/#');
    expect(acl).toContain('user anna@lab\ntopic read ');
    expect(acl).toContain('pattern write traps/v1/%u/runs/+/crops/+');
  });

  it('keeps the password that the service connects with', async () => {
    const env = { MQTT_URL: 'mqtt://trapline:p%40ss@broker' };
    expect(await json(`mosquitto --out ${folder}/m`, env)).toMatchObject({
      user: 'trapline',
      password: 'p@ss',
    });
    expect((await trapline(`mosquitto --out ${folder}/m`, env)).out).not.toContain('p@ss');
  });

  it('refuses a service that has the name of a trap, and writes nothing', async () => {
    await trapline('trap add trapline');
    const { status, err } = await trapline(`mosquitto --out ${folder}/mosquitto`);
    expect([status, err]).toEqual([
      1,
      'error: --service-user trapline is the name of an account: choose another one\n',
    ]);
    expect(existsSync(join(folder, 'mosquitto'))).toBe(false);
  });
});

describe('trapline reclassify', () => {
  const JUNE = Date.UTC(2026, 5, 1, 10);

  async function classifiedRun(trapId: string, atMs: number) {
    const crop = newCrop('c1', { trapId });
    await catalog.db.transaction().execute(async (tx) => {
      await storeCrops(tx, [crop], 1);
      await updateRun(tx, crop, { at_ms: atMs });
      await saveClassifications(
        tx,
        'an-old-model',
        [{ ...crop, ranked: [{ label: 'fly', probability: 1 }] }],
        1,
      );
      await tx.deleteFrom('inbox').execute();
    });
  }

  it('queues the crops of the past that the model has not seen', async () => {
    const model = await colourModel();
    await classifiedRun('t1', JUNE);
    await classifiedRun('t2', JUNE);
    await classifiedRun('t3', JUNE - 86_400_000);
    const env = { TRAPLINE_MODEL: model };
    const waiting = async () => (await countInProgress(catalog.db)).waiting;
    expect(await json('reclassify --dry-run', env)).toMatchObject({ crops: 3, queued: false });
    expect(await waiting()).toBe(0);
    expect(await json('reclassify --trap t1', env)).toMatchObject({ crops: 1, queued: true });
    expect(await json('reclassify --from 2026-06-01 --to 2026-06-02', env)).toMatchObject({ crops: 1 });
    expect(await waiting()).toBe(2);
    expect((await trapline(`reclassify --model ${model}`)).out).toMatch(/^1 crop waits for /);
  });

  it('says what to do where there is no model', async () => {
    const { status, err } = await trapline('reclassify --model nothing-of-this-name');
    expect(status).toBe(1);
    expect(err).toMatch(/^error: there is no model "nothing-of-this-name".*model install.*\n$/);
  });
});

describe('trapline influx', () => {
  it('says that there is none where INFLUX_URL is not set', async () => {
    for (const command of ['influx status', 'influx rebuild'])
      expect(await trapline(command)).toMatchObject({
        status: 1,
        err: 'error: INFLUX_URL is not set: there is no InfluxDB to speak of\n',
      });
  });

  it('tells what waits and what InfluxDB says when it does not answer', async () => {
    const env = { INFLUX_URL: 'http://127.0.0.1:2' };
    expect(await json('influx status', env)).toMatchObject({
      waiting: 0,
      oldest: null,
      observations: 0,
      points: null,
      problem: 'ECONNREFUSED',
    });
  });
});

describe('trapline model', () => {
  it('installs, lists and verifies a model', async () => {
    const source = await colourModel();
    const { status, err } = await trapline(`model install ${source}`);
    expect([status, err]).toEqual([0, '']);
    const models = await json<{ name: string; installed: boolean; folder: string }[]>('model list');
    const mine = models.find((model) => model.folder.startsWith(folder));
    expect(mine).toMatchObject({ installed: true });
    expect((await trapline(`model verify ${mine?.name}`)).out).toMatch(/is what its card says/);
  });

  it('refuses a file that is not the one that was named', async () => {
    const source = await colourModel();
    const { status, err } = await trapline(`model install ${source} --sha256 ${'0'.repeat(64)}`);
    expect(status).toBe(1);
    expect(err).toMatch(/^error: .*not the expected file.*\n$/);
    expect(
      (await json<{ installed: boolean; folder: string }[]>('model list')).some(({ folder: at }) =>
        at.startsWith(folder),
      ),
    ).toBe(false);
  });
});

describe('trapline backup', () => {
  it('counts one run as one run', async () => {
    await catalog.db.transaction().execute(async (tx) => {
      await storeCrops(tx, [newCrop('c1')], 1);
      await tx.deleteFrom('inbox').execute();
    });
    expect((await trapline(`backup ${folder}-backup`)).out).toMatch(/ is finished: 1 run, 0 pictures /);
    rmSync(`${folder}-backup`, { recursive: true });
  });

  it('is not made of a folder without a catalog, and makes none', async () => {
    const empty = join(folder, 'mistyped');
    const { status, err } = await trapline(`backup ${folder}-backup`, { TRAPLINE_DATA_DIR: empty });
    expect([status, err]).toEqual([1, `error: there is no catalog in ${empty}: check TRAPLINE_DATA_DIR\n`]);
    expect([empty, `${folder}-backup`].map(existsSync)).toEqual([false, false]);
  });

  it('is not restored from what is none', async () => {
    const { status, err } = await trapline(`restore ${folder}`);
    expect([status, err]).toEqual([1, `error: ${folder} is no backup, and no snapshot of one\n`]);
  });
});

describe('trapline retention', () => {
  it('removes nothing on a data folder that no service has run on', async () => {
    const { status, err } = await trapline('retention --older-than-days 1');
    expect([status, err]).toEqual([
      1,
      'error: no service of this version has run on this data folder and catalog: start it once\n',
    ]);
  });

  it('notes that folder and catalog belong together when it is told so', async () => {
    expect(await json('retention --adopt')).toEqual({ runs: 0, crops: 0 });
    expect(await json('retention --older-than-days 1 --dry-run')).toMatchObject({ crops: 0, dryRun: true });
  });
});

describe('a mistyped data folder', () => {
  it.each([
    'trap list',
    'trap add trap-7',
    'trap password trap-7',
    'trap remove trap-7',
    'key list',
    'key create --role viewer --name x',
    'key revoke x',
    'user list',
    'user add anna --role viewer',
    'influx status',
    'reclassify --dry-run --model demo',
    'mosquitto --out mosquitto',
    'retention --older-than-days 1 --dry-run',
    'retention --adopt',
    'backup backup',
  ])('is not taken for an empty one, and nothing is created, by: %s', async (args) => {
    for (const [made, name] of [
      [false, 'new'],
      [true, 'empty'],
    ] as const) {
      const mistyped = join(folder, name);
      if (made) mkdirSync(mistyped, { recursive: true });
      const inFolder = args.replace(/(mosquitto|backup)$/, `${folder}/$1`);
      const { status, out, err } = await trapline(inFolder, {
        TRAPLINE_DATA_DIR: mistyped,
        INFLUX_URL: 'http://127.0.0.1:2',
      });
      expect({ status, out, err }).toEqual({
        status: 1,
        out: '',
        err: `error: there is no catalog in ${mistyped}: check TRAPLINE_DATA_DIR\n`,
      });
      if (made) expect(readdirSync(mistyped)).toEqual([]);
      else expect(existsSync(mistyped)).toBe(false);
      expect([join(folder, 'mosquitto'), join(folder, 'backup')].map(existsSync)).toEqual([false, false]);
    }
  });
});

describe('trapline', () => {
  it.each([
    ['trap add a/b', "argument 'id'"],
    ['trap add ..', "argument 'id'"],
    ['trap add', "argument 'id'"],
    ['trap remove #', "argument 'id'"],
    ['trap ad t1', "unknown command 'ad'"],
    ['nothing', "unknown command 'nothing'"],
    ['key create --role king --name x', '--role'],
    ['key create --role admin', '--name'],
    ['key create --role admin --name a:b', '--name'],
    ['user add anna', '--role'],
    ['user add anna --role device', '--role'],
    ['user add a:b --role viewer', "argument 'name'"],
    ['reclassify --trap a/b', '--trap'],
    ['reclassify --from yesterday', '--from'],
    ['model install x --sha256 1234', '--sha256'],
    ['mosquitto', '--out'],
    ['retention --older-than-days 0', '--older-than-days'],
    ['retention --free-mb much', '--free-mb'],
    ['retention --keep-best -1', '--keep-best'],
    ['backup', "argument 'folder'"],
    ['backup x --keep 0', '--keep'],
    ['restore', "argument 'backup'"],
  ])('ends with 2 and one line that names what is wrong with: %s', async (args, named) => {
    const { status, out, err } = await trapline(args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: [^\n]+\n$/);
    expect(err).toContain(named);
  });

  it('shows what there is', async () => {
    expect(await trapline('--help')).toMatchObject({ status: 0, out: expect.stringContaining('reclassify') });
    expect((await trapline('')).status).toBe(2);
  });

  it.each([
    ['the command', 'dist/apps/station/cli/main.js'],
    ['the service', 'dist/apps/station/main.js'],
    ['the demo', 'dist/apps/station/demo/main.js'],
    ['the simulator', 'dist/apps/simulator/main.js'],
    ['the agent', 'dist/apps/agent/main.js'],
  ])('prints the version of %s, and starts nothing', async (_, program) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await run(program, ['--version'], { TRAPLINE_HTTP_PORT: 'wrong' })).toEqual({
      status: 0,
      out: `${version}\n`,
      err: '',
    });
  });

  it('names a setting that is wrong', async () => {
    const { status, err } = await trapline('trap list', { TRAPLINE_HTTP_PORT: 'http' });
    expect([status, err.split(':').slice(0, 2)]).toEqual([1, ['error', ' TRAPLINE_HTTP_PORT']]);
  });

  it('never repeats the password of a database that does not answer', async () => {
    const { status, err } = await trapline('trap list', {
      DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/db',
    });
    expect(status).toBe(1);
    expect(err).toMatch(/^error: .*ECONNREFUSED.*\n$/);
    expect(err).not.toContain('hunter2');
  });
});
