import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { crop } from './fixtures/crops.js';
import { Station } from './fixtures/station.js';

const DAY = '2026-10-25';
const METADATA =
  'device_id,session_id,timestamp,label,confidence,track_id,track_status,x_min,y_min,x_max,y_max,lens_position,iso_sensitivity,exposure_time,filename';
const LOG = 'device_id,session_id,timestamp,power_input,charge_level,voltage_in_V';

let folder: string;
let station: Station;
let reader: MqttClient;
/** Times of readings, as the agent has published them. */
const readings: string[] = [];

/** In Berlin, from two to three o'clock comes twice this night. Rows stand in the order in which they were written. */
async function record(
  counter: number,
  start: string,
  rows: readonly (readonly [track: number, time: string])[],
) {
  const name = `${DAY}_${start.replaceAll(':', '-')}`;
  const session = join(folder, 'data', DAY, name);
  const crops = join(session, 'crops', 'insect');
  mkdirSync(crops, { recursive: true });
  const lines = [METADATA];
  for (const [i, [track, time]] of rows.entries()) {
    const frame = `cam_${DAY}_${time.replaceAll(':', '-')}-123456`;
    const box = '0.2,0.2,0.4,0.4';
    lines.push(
      `cam,${counter},${DAY}T${time}.123456,insect,0.9,${track},TRACKED,${box},131,180,8.33,${frame}.jpg`,
    );
    writeFileSync(join(crops, `${frame}_ID${track}_crop.jpg`), await crop('red', counter * 100 + i));
  }
  writeFileSync(join(session, `${name}_metadata.csv`), `${lines.join('\n')}\n`);
  return join(session, `${name}_system_log.csv`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-night-'));
  station = await Station.start({ TRAPLINE_RECEIPT_WAIT_S: '1' });
  reader = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
    username: 'first-admin',
    password: station.adminKey,
  });
  reader.on('message', (_topic, bytes) => readings.push(JSON.parse(bytes.toString('utf8')).at));
  await reader.subscribeAsync('traps/v1/trap-1/telemetry', { qos: 1 });
  const log = await record(12, '01:50:00', [
    [1, '02:10:00'],
    [1, '02:10:08'],
    [2, '02:59:58'],
    [2, '02:00:06'],
    [3, '02:20:00'],
    [3, '02:20:08'],
  ]);
  const logged = ['01:55:00', '02:15:00', '02:45:00', '02:05:00', '02:30:00'];
  writeFileSync(
    log,
    `${[LOG, ...logged.map((time, i) => `cam,12,${DAY}T${time}.000021,solar,${90 - i},5.1`)].join('\n')}\n`,
  );
  await record(13, '02:45:00', [
    [1, '02:46:00'],
    [1, '02:46:08'],
  ]);
  writeFileSync(
    join(folder, 'data', 'session_info.csv'),
    `${[
      'device_id,session_id,session_start,session_end,duration_min,unique_track_ids,disk_free_gb,chargelevel_start,chargelevel_end',
      `cam,12,${DAY}T01:50:02.000001,${DAY}T02:40:00.000001,109.97,3,12.4,91,90`,
      `cam,13,${DAY}T02:45:02.000001,${DAY}T02:50:00.000001,4.97,1,12.4,91,90`,
    ].join('\n')}\n`,
  );
  const settings = agentSettings(folder, station, 'trap-1', station.trapPassword);
  const { status, output } = await RunningAgent.start(settings, '--once --no-status').ended;
  expect([status, output]).toEqual([0, expect.stringContaining('published: all of 2 sessions, 4 runs')]);
});
afterAll(async () => {
  await reader.endAsync(true);
  await station.remove();
  rmSync(folder, { recursive: true, force: true });
});

const clock = (time: string) => time.slice(11, 19);

describe('a card of a night when clocks go back', () => {
  it.each([
    ['20261025T015000-1', '00:10:00', '00:10:08'],
    ['20261025T015000-2', '00:59:58', '01:00:06'],
    ['20261025T015000-3', '01:20:00', '01:20:08'],
    ['20261025T024500-1', '01:46:00', '01:46:08'],
  ])('has the run %s from %s to %s UTC, crops in order', async (id, start, end) => {
    const run = await station.json<{
      start: string;
      end: string;
      durationS: number;
      crops: { detection: { at: string } }[];
    }>(`/api/v1/runs/trap-1/${id}`);
    expect([clock(run.start), clock(run.end), run.durationS]).toEqual([start, end, 8]);
    expect(run.crops.map(({ detection }) => clock(detection.at))).toEqual([start, end]);
  });

  it('has the sessions as long as they were', async () => {
    const { items } = await station.json<{ items: { start: string; end: string }[] }>(
      '/api/v1/sessions?trap=trap-1',
    );
    expect(items.map(({ start, end }) => [clock(start), clock(end)]).sort()).toEqual([
      ['01:45:02', '01:50:00'],
      ['23:50:02', '01:40:00'],
    ]);
  });

  it('has the readings of both passes, each in its own', async () => {
    expect(readings.map((at) => at.slice(11, 16) + at.slice(26)).sort()).toEqual([
      '01:55',
      '02:05+01:00',
      '02:15+02:00',
      '02:30+01:00',
      '02:45+02:00',
    ]);
    const { telemetry } = await station.json<{ telemetry: object }>('/api/v1/traps/trap-1');
    expect(telemetry).toMatchObject({
      at: expect.stringMatching(/^2026-10-25T01:30:00\.000/),
      readings: { batteryPct: 86 },
    });
  });
});
