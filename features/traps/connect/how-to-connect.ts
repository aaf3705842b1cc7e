import { networkInterfaces } from 'node:os';
import type { Config } from '../../../libs/config/index.js';

/** How a client on this machine reaches the broker. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  /** Of mosquitto_pub, beside host and port; undefined where it cannot speak to this broker. */
  readonly flags: string | undefined;
  /** What has to be done before an account counts there; undefined for the embedded broker, which knows them all. */
  readonly accounts: string | undefined;
}

const STANDARD_PORT: Record<string, number> = { 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };
/** mosquitto_pub speaks TLS, but not WebSocket. */
const FLAGS: Record<string, string | undefined> = { 'mqtt:': '', 'mqtts:': ' --tls-use-os-certs' };

/** @param embeddedPort the one that the embedded broker has, where that is not the one of the settings */
export function brokerAddress(config: Pick<Config, 'host' | 'mqtt'>, embeddedPort?: number): BrokerAddress {
  if (!config.mqtt.url)
    return {
      host: localHost(config.host),
      port: embeddedPort ?? config.mqtt.port,
      scheme: 'mqtt',
      flags: '',
      accounts: undefined,
    };
  const { protocol, hostname, port } = new URL(config.mqtt.url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || STANDARD_PORT[protocol] || 1883,
    scheme: protocol.slice(0, -1) as BrokerAddress['scheme'],
    flags: FLAGS[protocol],
    accounts:
      'The broker must learn of the account first; for Mosquitto (mosquitto/README.md says more):\n\n' +
      '  npm run trapline -- mosquitto --out <folder>',
  };
}

/** The address of all networks is none to connect to. */
export const localHost = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;

/** The part of a mosquitto_pub command that logs a trap in. */
export const login = ({ host, port, flags }: BrokerAddress, trapId: string, password: string): string =>
  `-h ${host} -p ${port}${flags ?? ''} -u ${trapId} -P ${password} -q 1`;

/** Where a person on this machine finds the pages, or anybody where a public address is set. */
export const pagesAddress = ({
  publicUrl,
  host,
  httpPort,
}: Pick<Config, 'publicUrl' | 'host' | 'httpPort'>): string => {
  const local = localHost(host);
  return publicUrl ?? `http://${local.includes(':') ? `[${local}]` : local}:${httpPort}`;
};

/** A way to connect a trap, with commands to copy. */
export interface ConnectWay {
  readonly id: 'agent' | 'python' | 'mosquitto_pub' | 'http';
  readonly title: { readonly en: string; readonly de: string };
  readonly code: string;
}
interface TrapToConnect {
  readonly trapId: string;
  readonly name?: string | null;
  readonly timeZone: string;
  readonly password: string;
}

/** Stands for the password where it is not known: it is shown only once. */
export const UNKNOWN_PASSWORD = '<password>';

/**
 * The commands that connect a trap: the only place where they are written. Each of them works as it stands.
 *
 * @param http address of the service, as the trap reaches it
 * @param version of the agent's package
 */
export function connectWays(
  trap: TrapToConnect,
  broker: BrokerAddress,
  http: string,
  version: string,
): ConnectWay[] {
  const ways: readonly (ConnectWay | undefined)[] = [
    {
      id: 'agent',
      title: { en: 'insect-detect (agent)', de: 'insect-detect (Agent)' },
      code: note(broker) + agent(trap, broker, version),
    },
    { id: 'python', title: { en: 'Python', de: 'Python' }, code: note(broker) + python(trap, broker) },
    broker.flags === undefined
      ? undefined
      : {
          id: 'mosquitto_pub',
          title: { en: 'mosquitto_pub', de: 'mosquitto_pub' },
          code: note(broker) + overMqtt(broker, trap),
        },
    { id: 'http', title: { en: 'HTTP', de: 'HTTP' }, code: overHttp(http, trap) },
  ];
  return ways.filter((way) => way !== undefined);
}

/** What has to be done before, as a comment. */
const note = ({ accounts }: BrokerAddress): string =>
  accounts === undefined ? '' : `${accounts.replace(/^(?=.)/gm, '# ').replace(/\n\n/g, '\n')}\n\n`;

interface Sender {
  readonly trapId: string;
  readonly password: string;
}

/** What a shell fills in when the commands are run, not when they are written: each time is a visit of its own, now. */
const NOW = `now=$(date -u +%Y-%m-%dT%H:%M:%SZ); run=run-$(date -u +%Y%m%dT%H%M%SZ)`;
const ENDED = `{"v":1,"status":"complete","end":"'$now'","crops":1}`;

/** One visit with one picture, by hand: `insect.jpg` in the folder where this is typed. */
export function overMqtt(broker: BrokerAddress, { trapId, password }: Sender): string {
  const pub = `mosquitto_pub ${login(broker, trapId, password)} -t traps/v1/${trapId}/runs/$run`;
  return `${NOW}\n${pub}/crops/0001 -f insect.jpg\n${pub}/end -m '${ENDED}'`;
}

/** The same over HTTP. */
export function overHttp(http: string, { trapId, password }: Sender): string {
  const put = `curl -u '${trapId}:${password}' -T`;
  const path = `${http}/api/v1/traps/${trapId}/runs/$run`;
  return `${NOW}\n${put} insect.jpg ${path}/crops/0001\necho '${ENDED}' | ${put} - ${path}/end`;
}

export const mqttUrl = ({ host, port, scheme }: BrokerAddress, user = ''): string =>
  `${scheme}://${user}${host.includes(':') ? `[${host}]` : host}:${port}`;

function agent(trap: TrapToConnect, broker: BrokerAddress, version: string): string {
  const settings = {
    url: mqttUrl(broker),
    trap: trap.trapId,
    passwordFile: 'password',
    dataFolder: '/home/pi/insect-detect/data',
    stateFolder: '/home/pi/trapline-agent',
    timeZone: trap.timeZone,
    ...(trap.name && { name: trap.name }),
  };
  const folder = '/opt/trapline-agent/node_modules/trapline-agent';
  return `\
# On the station: pack the agent, and carry it to the trap
npm run agent:pack
scp trapline-agent-${version}.tgz pi@${trap.trapId}.local:

# On the Raspberry Pi: 64-bit system, Node.js 20.19 or later
sudo apt install nodejs npm
sudo npm install --prefix /opt/trapline-agent ./trapline-agent-${version}.tgz
sudo mkdir -p /etc/trapline-agent && mkdir -p ~/trapline-agent && cd /etc/trapline-agent
sudo tee agent.json <<'END'
${JSON.stringify(settings, null, 2)}
END
echo '${trap.password}' | sudo tee password >/dev/null
sudo chown pi agent.json password && sudo chmod 600 password
node ${folder}/trapline-agent.js --config agent.json --dry-run
sudo cp ${folder}/trapline-agent.service /etc/systemd/system/
sudo systemctl enable --now trapline-agent`;
}

function python({ trapId, password }: TrapToConnect, broker: BrokerAddress): string {
  const { scheme } = broker;
  const more = [
    ...(scheme.endsWith('s') ? ['tls={}'] : []),
    ...(scheme.startsWith('ws') ? ['transport="websockets"'] : []),
  ];
  return `\
# sudo apt install python3-paho-mqtt
import datetime, json, pathlib
import paho.mqtt.publish as mqtt

now = datetime.datetime.now(datetime.timezone.utc)
run = f"traps/v1/${trapId}/runs/{now:%Y%m%dT%H%M%S}"
end = {"v": 1, "status": "complete", "end": now.isoformat(), "crops": 1}
mqtt.multiple(
    [
        {"topic": f"{run}/crops/0001", "payload": pathlib.Path("insect.jpg").read_bytes(), "qos": 1},
        {"topic": f"{run}/end", "payload": json.dumps(end), "qos": 1},
    ],
    hostname=${JSON.stringify(broker.host)},
    port=${broker.port},
    auth={"username": "${trapId}", "password": "${password}"},${more.map((each) => `\n    ${each},`).join('')}
)`;
}

/** Names of this machine that mean something else on another one. */
const LOCAL = /^(localhost|127\.|\[?::1\]?$|0\.0\.0\.0$|\[?::\]?$)/;

interface Asked {
  readonly listens: string;
  readonly publicUrl: string | undefined;
  /** How the one who asks has reached the service */
  readonly hostname: string;
}

/**
 * The name by which a trap reaches this machine: what is set, else what the one who asks has used, else an address of
 * its network. A service that listens to itself only is reached from nowhere else.
 */
export function reachableHost({ listens, publicUrl, hostname }: Asked): string {
  if (publicUrl) return new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  const isEverywhere = listens === '0.0.0.0' || listens === '::';
  if (!isEverywhere) return localHost(listens);
  if (!LOCAL.test(hostname)) return hostname;
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname;
}
