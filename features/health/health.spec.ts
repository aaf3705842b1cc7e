import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ModelError, type ModelPackage } from '../../libs/classifier/index.js';
import { VERSION } from '../../libs/config/index.js';
import { EmbeddedBroker } from '../../libs/mqtt/index.js';
import { fillMeadow, JUNE_1, putCrops } from '../../test/fixtures/filled-api.js';
import { bodyOf, openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { MESSAGE_SOURCE } from '../broker/index.js';
import { ackInbox } from '../crops/index.js';
import { Classifier } from '../models/index.js';
import { putInOutbox } from '../outbox/index.js';
import { Series } from '../series/index.js';
import { touchTraps } from '../traps/index.js';

let api: SmallApi;
afterEach(async () => {
  await api.close();
  await broker?.close();
});

const health = async (path = '/health/ready') => {
  const answer = await api.get(path, { as: 'none' });
  return { code: answer.status, body: await answer.json() };
};
const nobody = () => false;
const closedBroker = () =>
  new EmbeddedBroker({
    port: 0,
    authenticate: async () => undefined,
    mayPublish: nobody,
    maySubscribe: nobody,
    mayRetain: nobody,
  });
let broker: EmbeddedBroker | undefined;
async function openBroker(): Promise<EmbeddedBroker> {
  broker = closedBroker();
  await broker.listen(['traps/#'], async () => true);
  return broker;
}
const sourceOf = (useValue: EmbeddedBroker) => ({ provide: MESSAGE_SOURCE, useValue });
const classifierThat = (useValue: Partial<Classifier>) => ({ provide: Classifier, useValue });
const running = classifierThat({ status: { classifying: 3, state: 'running' } });
const notRunning = classifierThat({ status: { classifying: 0, state: 'off' } });

describe('health', () => {
  it('is degraded but ready where no model is installed', async () => {
    api = await openSmallApi({ providers: [sourceOf(await openBroker()), notRunning] });
    expect(await health()).toEqual({
      code: 200,
      body: {
        status: 'degraded',
        checks: {
          broker: { status: 'ok' },
          catalog: { status: 'ok' },
          disk: { status: 'ok' },
          model: { status: 'degraded', reason: expect.any(String) },
        },
      },
    });
  });

  it('says of the classifier whether it runs, starts, cannot run or is not to, and so do the metrics', async () => {
    let state: 'off' | 'starting' | 'running' | 'failed' = 'starting';
    const model = { key: 'test-1', card: { labels: [], file: { sha256: '' } } } as unknown as ModelPackage;
    const classifier = classifierThat({
      get status() {
        return { classifying: 0, state };
      },
      maxBytes: 10,
      classify: () => Promise.reject(new ModelError('closed', 'not up')),
    });
    api = await openSmallApi({ model, providers: [classifier] });
    const seen: unknown[] = [];
    for (state of ['starting', 'running', 'failed', 'off'] as const) {
      const body = await api.json('/health/ready');
      const text = await (await api.get('/metrics')).text();
      const asked = await api.get('/api/v1/predict', { method: 'POST', body: 'x' });
      const { type } = await bodyOf(asked);
      seen.push([state, body.checks.model.reason ?? body.checks.model.status, type.split(':').at(-1)]);
      expect(text).toContain(`trapline_classifier_state{state="${state}"} 1`);
      expect(text.match(/trapline_classifier_state\{state="\w+"\} 1/g)).toHaveLength(1);
    }
    expect(seen).toEqual([
      ['starting', expect.stringContaining('not up yet'), 'unavailable'],
      ['running', 'ok', 'unavailable'],
      ['failed', expect.stringContaining('cannot be used'), 'model-unusable'],
      ['off', expect.stringContaining('classify nothing'), 'not-taken-here'],
    ]);
  });

  it('is ok where everything runs, and says nothing of what is not there', async () => {
    api = await openSmallApi();
    expect(await health()).toEqual({
      code: 200,
      body: { status: 'ok', checks: { catalog: { status: 'ok' }, disk: { status: 'ok' } } },
    });
  });

  it('is degraded but ready while points cannot go to InfluxDB, and says no more than that', async () => {
    let trouble: { state: 'busy' | 'denied' } | undefined = { state: 'busy' };
    const series = {
      get trouble() {
        return trouble;
      },
    };
    api = await openSmallApi({ providers: [{ provide: Series, useValue: series }] });
    const influxdb = { status: 'degraded', reason: expect.stringMatching(/points wait$/) };
    expect(await health()).toMatchObject({ code: 200, body: { status: 'degraded', checks: { influxdb } } });
    trouble = { state: 'denied' };
    expect(await health()).toMatchObject({ code: 200, body: { status: 'degraded', checks: { influxdb } } });
    trouble = undefined;
    expect(await health()).toMatchObject({ body: { status: 'ok', checks: { influxdb: { status: 'ok' } } } });
  });

  it('is down while the broker is away', async () => {
    api = await openSmallApi({ providers: [sourceOf(closedBroker())] });
    expect(await health()).toMatchObject({
      code: 503,
      body: { status: 'down', checks: { broker: { status: 'down' } } },
    });
  });

  it('is down while the disk is under its reserve, or away', async () => {
    api = await openSmallApi({ env: { TRAPLINE_DISK_RESERVE_MB: '1e12' } });
    expect(await health()).toMatchObject({ code: 503, body: { checks: { disk: { status: 'down' } } } });
    await api.close();
    api = await openSmallApi();
    await rm(api.dataDir, { recursive: true });
    expect(await health()).toMatchObject({ code: 503, body: { checks: { disk: { status: 'down' } } } });
  });

  it('is down but alive while the catalog does not answer, and no key opens anything then', async () => {
    api = await openSmallApi();
    await health();
    await api.catalog.close();
    expect(await health()).toMatchObject({
      code: 503,
      body: { status: 'down', checks: { catalog: { status: 'down' } } },
    });
    expect(await health('/health/live')).toEqual({ code: 200, body: { status: 'ok' } });
    const runs = await api.get('/api/v1/runs', { as: 'admin' });
    expect([runs.status, runs.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
  });
});

describe('the metrics', () => {
  it('show what came in, what waits and when traps last spoke', async () => {
    api = await openSmallApi({ providers: [sourceOf(await openBroker()), running] });
    await fillMeadow(api.catalog, api.dataDir);
    await putCrops(api.catalog, api.dataDir, { trapId: 'b', runId: 'r' }, ['1', '2', '3']);
    await api.catalog.db
      .transaction()
      .execute((tx) => ackInbox(tx, [{ trapId: 'b', runId: 'r', cropId: '1' }]));
    await touchTraps(api.catalog.db, new Map([['b', JUNE_1]]));
    const receipt = { kind: 'receipt', key: 'b/r', topic: 't', retain: 0, payload: '{}' } as const;
    await api.catalog.db.transaction().execute((tx) => putInOutbox(tx, [receipt]));
    const answer = await api.get('/metrics');
    const lines = (await answer.text()).split('\n');
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(lines).toEqual(
      expect.arrayContaining([
        'trapline_mqtt_received_total 0',
        'trapline_mqtt_in_flight 0',
        'trapline_mqtt_connected 1',
        'trapline_crops_under_way{stage="inbox"} 3',
        'trapline_crops_under_way{stage="waiting"} 1',
        'trapline_outbox_messages 1',
        expect.stringMatching(/^trapline_outbox_oldest_seconds (?!0$)[\d.e-]+$/),
        'trapline_points_waiting 0',
        'trapline_points_oldest_seconds 0',
        'trapline_dead_letters 1',
        'trapline_classifier_crops 3',
        'trapline_classifier_ready 1',
        'trapline_classifier_state{state="running"} 1',
        'trapline_classifier_state{state="failed"} 0',
        `trapline_trap_last_message_timestamp_seconds{trap="b"} ${JUNE_1 / 1000}`,
        `trapline_info{version="${VERSION}",model="none"} 1`,
        expect.stringMatching(/^trapline_disk_free_bytes \d+/),
        expect.stringMatching(/^nodejs_eventloop_lag_p99_seconds /),
      ]),
    );
  });

  it('come twice alike, and leave out what cannot be read', async () => {
    api = await openSmallApi();
    await api.get('/metrics');
    await rm(api.dataDir, { recursive: true });
    const text = await (await api.get('/metrics')).text();
    expect(text).toContain('# HELP trapline_disk_free_bytes');
    expect(text).not.toMatch(/^trapline_disk_free_bytes \d/m);
  });
});
