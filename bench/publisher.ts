import { connectAsync } from 'mqtt';
import { meanBytes, trapCrops, unlike } from './crops.js';

/**
 * A trap in a process of its own: `publisher.js <port> <user> <password> <runs> <crops per run> <at once>`. Sends
 * whole runs, `at once` crops unacknowledged, and prints how long it took until the last PUBACK.
 */
const [port = '', user = '', password = '', runs = '1', cropsPerRun = '20', atOnce = '64', first = '0'] =
  process.argv.slice(2);
const pictures = await trapCrops(64);
const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
  username: user,
  password,
  clientId: `bench-${process.pid}`,
});

let sent = 0;
async function* messages() {
  for (let run = Number(first); run < Number(first) + Number(runs); run += 1) {
    const root = `traps/v1/${user}/runs/run-${run}`;
    for (let crop = 0; crop < Number(cropsPerRun); crop += 1) {
      sent += 1;
      yield {
        topic: `${root}/crops/${String(crop).padStart(5, '0')}`,
        payload: unlike(pictures[sent % 64] as Buffer, sent + Number(first) * 1000),
      };
    }
    yield {
      topic: `${root}/end`,
      payload: JSON.stringify({
        v: 1,
        status: 'complete',
        end: new Date().toISOString(),
        crops: Number(cropsPerRun),
      }),
    };
  }
}

process.send?.({ ready: true, meanBytes: meanBytes(pictures) });
await new Promise((resolve) => process.once('message', resolve));
const startedAt = Date.now();
const source = messages();
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    for await (const { topic, payload } of { [Symbol.asyncIterator]: () => source })
      await client.publishAsync(topic, payload, { qos: 1 });
  }),
);
process.send?.({ startedAt, endedAt: Date.now(), crops: sent });
await client.endAsync();
process.disconnect();
