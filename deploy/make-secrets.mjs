// Makes .env for docker-compose.yml: secrets that nobody has to think up, and the settings to look at.
// What stands there already stays: it may be run again, after an update too.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? '.env';
// Letters, digits, - and _ only: a password in a URL needs no escaping then.
const secret = () => randomBytes(32).toString('base64url');

const WANTED = [
  [
    'TRAPLINE_PUBLIC_URL',
    () => 'http://localhost:8080',
    'How people reach the proxy: scheme, host, port; no slash at the end',
  ],
  [
    'TRAPLINE_TIME_ZONE',
    () => 'Europe/Berlin',
    'IANA time zone of traps that name none, and of the dashboards',
  ],
  ['MQTT_SERVICE_PASSWORD', secret, 'Of the service at Mosquitto'],
  ['INFLUX_ADMIN_PASSWORD', secret, 'Of the user admin at InfluxDB; counts at the first start only'],
  ['INFLUX_TOKEN', secret, 'With which the service writes to InfluxDB; counts at the first start only'],
];

const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
const known = new Set(before.split('\n').flatMap((line) => /^\s*([A-Z][A-Z0-9_]*)=\S/.exec(line)?.[1] ?? []));
const missing = WANTED.filter(([name]) => !known.has(name));
const added = missing.map(([name, make, says]) => `# ${says}\n${name}=${make()}\n`).join('');
const seam = before && !before.endsWith('\n') ? '\n' : '';
// Whole or not at all, and nobody else may read it.
writeFileSync(`${file}.new`, before + seam + added, { mode: 0o600 });
chmodSync(`${file}.new`, 0o600);
renameSync(`${file}.new`, file);
process.stdout.write(
  missing.length
    ? `${file}: added ${missing.map(([name]) => name).join(', ')}\n`
    : `${file}: nothing was missing\n`,
);
