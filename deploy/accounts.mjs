// What the broker and the proxy need of Trapline's accounts, as files. Runs in a container of the service, beside the
// service, and may be run again at any time.
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const CLI = fileURLToPath(new URL('../dist/apps/station/cli/main.js', import.meta.url));
// With an @, so that no trap can have the same name.
const KEY_NAME = 'pictures@proxy';

const { values } = parseArgs({ options: { broker: { type: 'string' }, proxy: { type: 'string' } } });
if (!values.broker || !values.proxy) throw new Error('--broker <folder> --proxy <folder>');

const trapline = (...args) => execFileSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });

const keyFile = join(values.proxy, 'pictures-key.conf');
const keys = JSON.parse(trapline('key', 'list', '--json'));
const isThere = keys.some(({ name }) => name === KEY_NAME);
if (!isThere || !existsSync(keyFile)) {
  // Only its hash is kept: a key whose file is gone is of no use to anybody.
  if (isThere) trapline('key', 'revoke', KEY_NAME);
  const { key } = JSON.parse(trapline('key', 'create', '--role', 'viewer', '--name', KEY_NAME, '--json'));
  writeFileSync(`${keyFile}.new`, `proxy_set_header Authorization "Bearer ${key}";\n`, { mode: 0o600 });
  renameSync(`${keyFile}.new`, keyFile);
}

const { accounts } = JSON.parse(trapline('mosquitto', '--out', values.broker, '--json'));
process.stdout.write(`${accounts} accounts are written for Mosquitto; the proxy has its key\n`);
