import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig, variableNames } from './config.js';

const messageOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'nothing is wrong';
};

describe('the environment', () => {
  it('may be empty', () => {
    expect(readConfig({})).toMatchObject({
      dataDir: resolve('data'),
      host: '127.0.0.1',
      httpPort: 3000,
      mqtt: { port: 1883, anonymous: false, maxInFlight: 256 },
      limits: {
        cropBytes: 1_048_576,
        cropPixels: 40_000_000,
        cropSide: 16_384,
        diskReserveBytes: 500_000_000,
      },
      completion: { silenceAfterEndMs: 900_000, silenceMs: 3_600_000 },
      receiptWaitMs: 60_000,
      timeZone: 'UTC',
      logLevel: 'info',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const empty = Object.fromEntries(variableNames().map((name) => [name, '']));
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('takes blanks around a value for nothing', () => {
    const config = readConfig({
      TRAPLINE_DISK_RESERVE_MB: ' ',
      TRAPLINE_ANONYMOUS: 'true ',
      TRAPLINE_HTTP_PORT: ' 80',
    });
    expect([config.limits.diskReserveBytes, config.mqtt.anonymous, config.httpPort]).toEqual([
      500_000_000,
      true,
      80,
    ]);
  });

  it('opens no port for WebSocket or TLS unless it is asked to', () => {
    expect(readConfig({}).mqtt).toMatchObject({ webSocketPort: undefined, tls: undefined });
    expect(readConfig({ TRAPLINE_MQTT_WS_PORT: '9001' }).mqtt.webSocketPort).toBe(9001);
  });

  it.each([
    ['TRAPLINE_HTTP_PORT', '70000'],
    ['TRAPLINE_HTTP_PORT', 'http'],
    ['TRAPLINE_MQTT_PORT', '1.5'],
    ['TRAPLINE_MQTTS_PORT', '-1'],
    ['TRAPLINE_MQTT_WS_PORT', 'x'],
    ['TRAPLINE_PUBLIC_URL', 'my house'],
    ['TRAPLINE_PUBLIC_URL', 'javascript:alert(1)'],
    ['TRAPLINE_ANONYMOUS', 'yes'],
    ['TRAPLINE_TIME_ZONE', 'Middle/Earth'],
    ['TRAPLINE_LOG_LEVEL', 'loud'],
    ['TRAPLINE_CLASSIFIERS', '-1'],
    ['TRAPLINE_MAX_CROP_KB', '0'],
    ['TRAPLINE_MAX_MEGAPIXELS', 'many'],
    ['TRAPLINE_MAX_IN_FLIGHT', '0'],
    ['TRAPLINE_DISK_RESERVE_MB', '-5'],
    ['TRAPLINE_SILENCE_AFTER_END_MIN', '0'],
    ['TRAPLINE_SILENCE_MIN', 'an hour'],
    ['TRAPLINE_RECEIPT_WAIT_S', '-1'],
    ['TRAPLINE_PUBLIC_THUMBNAILS', '1'],
    ['TRAPLINE_REQUESTS_PER_MIN', '-1'],
    ['TRAPLINE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRAPLINE_TRUSTED_PROXIES', 'true'],
    ['TRAPLINE_RETENTION_DAYS', '0'],
    ['TRAPLINE_RETENTION_FREE_MB', 'much'],
    ['TRAPLINE_RETENTION_KEEP_BEST', '1.5'],
    ['MQTT_URL', 'http://broker'],
    ['MQTT_URL', 'mqtt:broker'],
    ['MQTT_URL', 'mqtt://user:100%@broker'],
    ['INFLUX_URL', 'influx'],
    ['TRAPLINE_ACTIVITY', 'loose'],
    ['TRAPLINE_DATASET_TITLE', 'x'.repeat(201)],
    ['TRAPLINE_MAX_CROP_KB', '1e9'],
    ['TRAPLINE_SILENCE_MIN', 'Infinity'],
    ['DATABASE_URL', 'mysql://database'],
  ])('is refused with %s=%s, by name', (name, value) => {
    // What would be right, and none of a library's words.
    expect(messageOf({ [name]: value })).toMatch(new RegExp(`^${name}: must (be|have) .+`));
  });

  it('is refused with every variable that is wrong, at once', () => {
    const lines = messageOf({ TRAPLINE_HTTP_PORT: 'x', TRAPLINE_ANONYMOUS: 'x', MQTT_URL: 'x' }).split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'TRAPLINE_HTTP_PORT',
      'TRAPLINE_ANONYMOUS',
      'MQTT_URL',
    ]);
  });

  it.each([
    ['TRAPLINE_HTTP_PROT', 'TRAPLINE_HTTP_PORT'],
    ['TRAPLINE_DATADIR', 'TRAPLINE_DATA_DIR'],
    ['TRAPLINE_PORT', 'TRAPLINE_HOST'],
    ['trapline_host', 'TRAPLINE_HOST'],
    ['TRAPLINE_MQTT_URL', 'TRAPLINE_MQTT_PORT'],
    ['INFLUX_TOKN', 'INFLUX_TOKEN'],
    ['INFLUXDB_URL', 'INFLUX_URL'],
    ['MQTT_ULR', 'MQTT_URL'],
    ['DATABASE_ULR', 'DATABASE_URL'],
  ])('is refused with %s, which is no setting, and names the nearest', (name, nearest) => {
    expect(messageOf({ [name]: 'hunter2' })).toBe(
      `${name}: there is no such setting; the nearest is ${nearest}`,
    );
  });

  it('may hold what others read', () => {
    expect(
      readConfig({
        TRAPLINE_KEY: 'x',
        TRAPLINE_EDITORS_EMAIL: 'x',
        TRAPLINE_AGENT_PASSWORD: 'x',
        TRAPLINE_TEST_POSTGRES: 'required',
        // A service called `trapline` in Kubernetes.
        TRAPLINE_PORT: 'tcp://10.0.0.1:3000',
        TRAPLINE_PORT_3000_TCP_ADDR: '10.0.0.1',
        TRAPLINE_SERVICE_HOST: '10.0.0.1',
        TRAPLINE_SERVICE_PORT_HTTP: '3000',
        MQTT_SERVICE_PASSWORD: 'x',
        MQTT_HOST: 'x',
        DB_PASSWORD: 'x',
        INFLUX_ADMIN_PASSWORD: 'x',
        INFLUX_URL: 'http://influx',
        INFLUXDB_URL: 'http://another-program',
        // Empty is not set.
        TRAPLINE_NOTHING: '',
      }).influx?.url,
    ).toBe('http://influx');
  });

  it('never has its secrets repeated', () => {
    const message = messageOf({
      MQTT_URL: 'mqqt://user:hunter2@host',
      DATABASE_URL: 'postgre://user:hunter2@host/db',
      TRAPLINE_PUBLIC_URL: 'x://user:hunter2@host',
      INFLUX_URL: 'user:hunter2@host',
      INFLUX_TOKEN: 'hunter2',
    });
    expect(message).toMatch(/MQTT_URL.*\n?.*DATABASE_URL/s);
    expect(message).not.toContain('hunter2');
  });

  it('names certificate and key where only one of them is set', () => {
    expect(messageOf({ TRAPLINE_TLS_KEY: 'key.pem' })).toMatch(/TRAPLINE_TLS_CERT and TRAPLINE_TLS_KEY/);
  });
});

describe('access', () => {
  it('trusts no proxy unless it is named', () => {
    expect(readConfig({}).access.trustedProxies).toEqual([]);
    const named = readConfig({ TRAPLINE_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,fd00::1, ' });
    expect(named.access.trustedProxies).toEqual(['loopback', '10.0.0.0/8', 'fd00::1']);
  });
});

describe('retention', () => {
  it('removes nothing unless it is asked to', () => {
    expect(readConfig({}).retention).toEqual({ olderThanMs: undefined, freeBytes: undefined, keepBest: 20 });
    expect(
      readConfig({ TRAPLINE_RETENTION_DAYS: '1.5', TRAPLINE_RETENTION_FREE_MB: '2' }).retention,
    ).toMatchObject({
      olderThanMs: 129_600_000,
      freeBytes: 2_000_000,
    });
  });
});

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8');
  const shown = [...text.matchAll(/^#([A-Z][A-Z_]+)=(.*)$/gm)].map(
    ([, name, value]) => [name, value] as const,
  );

  it('lists every variable once, and no other', () => {
    expect(shown.map(([name]) => name).sort()).toEqual(variableNames().sort());
  });

  it('shows the defaults', () => {
    expect(readConfig(Object.fromEntries(shown))).toEqual(readConfig({}));
  });

  it('explains every variable', () => {
    for (const paragraph of text.split(/\n\n+/).slice(1))
      expect(paragraph).toMatch(/^# --- .+\n(# [^\n]+\n(#[A-Z_]+=[^\n]*\n?)+)+$/);
  });
});
