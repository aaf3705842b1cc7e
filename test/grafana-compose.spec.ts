import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { eventually } from './fixtures/eventually.js';
import { mosquittoOrReason } from './fixtures/mosquitto.js';

const texts = z.array(z.string());
/** `{ type: volume, … }`, as the specification has it, as far as we use it. */
const longMount = z.strictObject({
  type: z.enum(['volume', 'bind', 'tmpfs']),
  source: z.string(),
  target: z.string(),
  read_only: z.boolean().optional(),
  volume: z.strictObject({ nocopy: z.boolean() }).optional(),
});
const condition = z.enum(['service_started', 'service_healthy', 'service_completed_successfully']);

// The rules of https://github.com/compose-spec for the keys that we use; any other key is refused.
const SERVICE = z.strictObject({
  build: z.string().optional(),
  image: z.string(),
  command: texts.optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  cap_drop: texts.optional(),
  tmpfs: texts.optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  security_opt: texts,
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }).optional(),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
  // Numbers and truth values that are not in quotes are refused by some versions.
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  networks: z.union([
    texts,
    z.record(z.string(), z.strictObject({ ipv4_address: z.string().optional(), aliases: texts.optional() })),
  ]),
  volumes: z.array(z.union([z.string(), longMount])).optional(),
  healthcheck: z
    .union([
      z.strictObject({ disable: z.literal(true) }),
      z.strictObject({
        test: texts.refine(([first]) => first === 'CMD'),
        interval: z.string().regex(/^\d+s$/),
        timeout: z.string().regex(/^\d+s$/),
        start_period: z
          .string()
          .regex(/^\d+s$/)
          .optional(),
        retries: z.number().int().positive(),
      }),
    ])
    .optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition })).optional(),
});
const COMPOSE = z.object({
  name: z.string(),
  services: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), SERVICE),
  networks: z.record(
    z.string(),
    z.strictObject({
      internal: z.boolean().optional(),
      ipam: z.strictObject({ config: z.array(z.strictObject({ subnet: z.string() })) }).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.strictObject({})),
});

const text = readFileSync('docker-compose.yml', 'utf8');
const raw = parse(text, { merge: true }) as Record<string, unknown>;
const compose = COMPOSE.parse(raw);
const services = Object.entries(compose.services);
const dockerfile = readFileSync('Dockerfile', 'utf8');

const networksOf = ({ networks }: z.infer<typeof SERVICE>): string[] =>
  Array.isArray(networks) ? networks : Object.keys(networks);
const sourceOf = (mount: string | z.infer<typeof longMount>) =>
  typeof mount === 'string' ? (mount.split(':')[0] as string) : mount.source;
const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map(sourceOf));

/** It has a health check of its own, or, made from our Dockerfile, the one that stands there. */
const isWatched = ({ healthcheck, build }: z.infer<typeof SERVICE>): boolean =>
  healthcheck ? !('disable' in healthcheck) : build !== undefined && /^HEALTHCHECK /m.test(dockerfile);

describe('docker-compose.yml', () => {
  test('has no key that the specification does not know', () => {
    const own = Object.keys(raw).filter((key) => !key.startsWith('x-'));
    expect(own.sort()).toEqual(['name', 'networks', 'services', 'volumes']);
  });

  test.each(services)('%s: its image is pinned to a full version', (_, { image }) => {
    expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  test('networks and volumes are declared, and none is left over', () => {
    const networks = new Set(services.flatMap(([, of]) => networksOf(of)));
    expect([...networks].sort()).toEqual(Object.keys(compose.networks).sort());
    const volumes = new Set(mounts.filter((source) => !source.startsWith('.')));
    expect([...volumes].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  test('files and folders that are mounted are there', () => {
    for (const source of mounts.filter((of) => of.startsWith('.')))
      expect([source, existsSync(source)]).toEqual([source, true]);
  });

  test('a service waits only for one that exists, can be healthy, and does not wait for it in turn', () => {
    const waitsFor = (name: string, seen: readonly string[] = []): void => {
      expect(seen).not.toContain(name);
      const waits = compose.services[name]?.depends_on ?? {};
      for (const [other, { condition: until }] of Object.entries(waits)) {
        const service = compose.services[other];
        expect(service).toBeDefined();
        if (until === 'service_healthy') expect(service && isWatched(service)).toBe(true);
        if (until === 'service_completed_successfully') expect(service?.restart).toBe('no');
        waitsFor(other, [...seen, name]);
      }
    };
    for (const [name] of services) waitsFor(name);
  });

  test('every service that stays has a health check, starts again, and gains no rights', () => {
    for (const [name, service] of services) {
      const { restart, security_opt } = service;
      expect(security_opt).toContain('no-new-privileges:true');
      if (restart === 'no') continue;
      expect([name, restart]).toEqual([name, 'unless-stopped']);
      expect([name, isWatched(service)]).toEqual([name, true]);
    }
  });

  test('only the proxy and the broker are reached from outside, and their address can be set', () => {
    const open = services.flatMap(([name, { ports = [] }]) =>
      ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${name} ${port}`),
    );
    expect(open).toEqual([
      `mosquitto \${MQTT_BIND:-0.0.0.0}:1883:1883`,
      `proxy \${PROXY_BIND:-0.0.0.0}:\${PROXY_PORT:-8080}:8080`,
    ]);
  });

  test('InfluxDB has no way out, and no port', () => {
    expect(compose.networks['inside']).toEqual({ internal: true });
    expect(compose.services['influxdb']).toMatchObject({ networks: ['inside'] });
    expect(compose.services['influxdb']?.ports).toBeUndefined();
  });

  test('Grafana believes who somebody is only where the proxy says so', () => {
    const { grafana, proxy } = compose.services;
    const environment = grafana?.environment ?? {};
    expect(environment['GF_AUTH_PROXY_ENABLED']).toBe('true');
    expect(environment['GF_AUTH_PROXY_HEADER_NAME']).toBe('X-WEBAUTH-USER');
    expect(environment['GF_AUTH_PROXY_HEADERS']).toBe('Name:X-WEBAUTH-NAME Role:X-WEBAUTH-ROLE');
    for (const name of ['GF_AUTH_BASIC_ENABLED', 'GF_AUTH_PROXY_ENABLE_LOGIN_TOKEN'])
      expect([name, environment[name]]).toEqual([name, 'false']);
    // Nobody has a password there that somebody could guess.
    expect(environment['GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION']).toBe('true');
    const address = '${PROXY_ADDRESS:-172.31.254.2}';
    expect(environment['GF_AUTH_PROXY_WHITELIST']).toBe(address);
    expect(proxy?.networks).toMatchObject({ front: { ipv4_address: address } });
    expect(grafana?.networks).toMatchObject({ front: { aliases: ['grafana-front'] } });
    expect(grafana?.ports).toBeUndefined();
    expect(readFileSync('deploy/proxy/nginx.conf', 'utf8')).toContain('http://grafana-front:3000');
    const onFront = services.filter(([, of]) => networksOf(of).includes('front')).map(([name]) => name);
    expect(onFront.sort()).toEqual(['grafana', 'proxy']);
    expect(compose.networks['front']).toEqual({
      internal: true,
      ipam: { config: [{ subnet: '${PROXY_SUBNET:-172.31.254.0/29}' }] },
    });
  });

  test('pages and Grafana link to each other under one address', () => {
    const { station, grafana } = compose.services;
    const root = '${TRAPLINE_PUBLIC_URL:?run node deploy/make-secrets.mjs}/grafana';
    expect(station?.environment?.['TRAPLINE_GRAFANA_URL']).toBe(root);
    expect(grafana?.environment?.['GF_SERVER_ROOT_URL']).toBe(`${root}/`);
  });

  test('no secret stands in the file', () => {
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment))
        if (/PASSWORD|TOKEN|_KEY$|_SECRET/.test(name) && !/_ENABLE_/.test(name))
          expect(value).toMatch(/^\$\{/);
  });

  test('the service is told nothing that it does not read', () => {
    const told = Object.keys(compose.services['station']?.environment ?? {});
    const known = readFileSync('.env.example', 'utf8');
    expect(told.filter((name) => !known.includes(`#${name}=`))).toEqual([]);
  });

  test('Grafana is told all that its provisioning files ask for, and nothing of it is empty', () => {
    const asked = new Set<string>();
    for (const folder of ['datasources', 'alerting', 'dashboards'])
      for (const file of readdirSync(`grafana/provisioning/${folder}`))
        for (const [, name] of readFileSync(`grafana/provisioning/${folder}/${file}`, 'utf8').matchAll(
          /\$\{([A-Z_]+)\}/g,
        ))
          asked.add(name as string);
    expect(asked.size).toBe(7);
    const environment = compose.services['grafana']?.environment ?? {};
    for (const name of asked)
      expect([name, environment[name] ?? '']).toEqual([name, expect.stringMatching(/^(?!\$\{\w+:-\}).+$/)]);
  });
});

describe('Dockerfile', () => {
  test('builds in one stage and runs in another, pinned, without what only developers need', () => {
    const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\w+)$/gm)].map(([, from, name]) => [from, name]);
    expect(stages).toEqual([
      [expect.stringMatching(/^node:24\.\d+\.\d+-bookworm-slim$/), 'base'],
      ['base', 'build'],
      ['base', 'runtime'],
    ]);
    const runtime = dockerfile.slice(dockerfile.indexOf('AS runtime'));
    expect(runtime).toContain('npm ci --omit=dev');
    expect(runtime).not.toMatch(/COPY (apps|libs|\.) /);
  });

  test('does not run as root, and starts what the build makes', () => {
    expect(dockerfile.lastIndexOf('USER trapline')).toBeGreaterThan(dockerfile.lastIndexOf('RUN '));
    const [, command] = /^CMD \["node", "(.+)"\]$/m.exec(dockerfile) ?? [];
    expect(existsSync((command ?? '').replace(/^dist\//, '').replace(/js$/, 'ts'))).toBe(true);
  });

  test('whatever it copies is there, and let through', () => {
    const ignored = readFileSync('.dockerignore', 'utf8');
    for (const [, from] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
      for (const source of (from as string).split(' ')) {
        expect([source, existsSync(source)]).toEqual([source, true]);
        expect(ignored).toContain(`!${source}\n`);
      }
  });

  test('shares its id with the user of the Mosquitto image: the files of accounts are private', () => {
    expect(dockerfile).toMatch(/useradd --uid 1883 --gid 1883/);
  });
});

describe('secrets', () => {
  const inFolder = (use: (file: string) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'trapline-secrets-'));
    try {
      use(join(folder, '.env'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const make = (file: string) =>
    execFileSync(process.execPath, ['deploy/make-secrets.mjs', file], { encoding: 'utf8' });
  const read = (file: string) =>
    Object.fromEntries(
      [...readFileSync(file, 'utf8').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );

  test('one command makes all that compose asks for, for the owner alone', () =>
    inFolder((file) => {
      make(file);
      const asked = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name as string);
      expect(asked.length).toBeGreaterThan(3);
      for (const name of asked) expect(read(file)[name]).toBeTruthy();
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }));

  test('passwords fit into a URL as they are, and no two are alike', () =>
    inFolder((file) => {
      make(file);
      const secrets = Object.entries(read(file)).filter(([name]) => /PASSWORD|TOKEN/.test(name));
      for (const [, secret] of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
      expect(new Set(secrets.map(([, secret]) => secret)).size).toBe(secrets.length);
    }));

  test('run again it changes nothing, and adds what is missing', () =>
    inFolder((file) => {
      writeFileSync(file, 'TRAPLINE_PUBLIC_URL=https://traps.example.org\nINFLUX_TOKEN=\n# mine');
      make(file);
      const made = readFileSync(file, 'utf8');
      expect(made).toMatch(/^TRAPLINE_PUBLIC_URL=https:\/\/traps\.example\.org\n/);
      expect(made).toContain('# mine\n');
      expect(read(file)['INFLUX_TOKEN']).toMatch(/^[\w-]{43}$/);
      expect(make(file)).toContain('nothing was missing');
      expect(readFileSync(file, 'utf8')).toBe(made);
    }));
});

const mosquitto = mosquittoOrReason();
const whereMosquittoIs = mosquitto.path ? test : test.skip;

whereMosquittoIs(
  `Mosquitto takes our configuration, and closes in good order${mosquitto.reason}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trapline-mosquitto-'));
    const port = await freePort();
    for (const name of ['passwords', 'acl']) writeFileSync(join(folder, name), '', { mode: 0o600 });
    const conf = readFileSync('mosquitto/mosquitto.conf', 'utf8')
      .replace('listener 1883', `listener ${port} 127.0.0.1\nuser root`)
      .replaceAll('/mosquitto/config/', `${folder}/`)
      .replaceAll('/mosquitto/data/', `${folder}/`);
    writeFileSync(join(folder, 'mosquitto.conf'), conf);
    const child = spawn(mosquitto.path as string, ['-c', join(folder, 'mosquitto.conf')], {
      stdio: 'ignore',
    });
    const exited = once(child, 'exit');
    try {
      await eventually(() => accepts(port));
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
