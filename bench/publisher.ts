import { once } from 'node:events';
import { connect } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import { meanBytes, trapCrops, unlike } from './crops.js';

/**
 * A trap in a process of its own: `publisher.js <port> <user> <password> <runs> <crops per run> <at once>`. Sends
 * whole runs, `at once` messages unacknowledged, and says how long it took until the last PUBACK. It speaks MQTT
 * packet by packet: a client library would take a tenth of a core from the service that is measured.
 */
const [port = '', user = '', password = '', runs = '1', cropsPerRun = '20', atOnce = '64', first = '0'] =
  process.argv.slice(2);
const pictures = await trapCrops(64);
const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
const incoming = parser();
socket.on('data', (bytes) => void incoming.parse(bytes));
socket.on('error', (error) => {
  throw error;
});

send({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  clientId: `bench-${process.pid}`,
});
const [answer] = (await once(incoming, 'packet')) as [Packet];
if (answer.cmd !== 'connack' || answer.returnCode !== 0) throw new Error('the broker does not let us in');

process.send?.({ ready: true, meanBytes: meanBytes(pictures) });
await once(process, 'message');
const startedAt = Date.now();
const source = messages();
let crops = 0;
let inFlight = 0;
let lastId = 0;
await new Promise<void>((done) => {
  const fill = () => {
    while (inFlight < Number(atOnce)) {
      const next = source.next();
      if (next.done) {
        if (inFlight === 0) done();
        return;
      }
      inFlight += 1;
      send({ cmd: 'publish', qos: 1, dup: false, retain: false, ...next.value });
    }
  };
  incoming.on('packet', (packet: Packet) => {
    if (packet.cmd !== 'puback') return;
    inFlight -= 1;
    fill();
  });
  fill();
});
process.send?.({ startedAt, endedAt: Date.now(), crops });
send({ cmd: 'disconnect' });
socket.end();
process.disconnect();

function send(packet: Packet): void {
  socket.write(
    generate(
      packet.cmd === 'connect' ? { ...packet, username: user, password: Buffer.from(password) } : packet,
    ),
  );
}

function* messages() {
  let sent = 0;
  for (let run = Number(first); run < Number(first) + Number(runs); run += 1) {
    const root = `traps/v1/${user}/runs/run-${run}`;
    for (let crop = 0; crop < Number(cropsPerRun); crop += 1) {
      sent += 1;
      crops += 1;
      const payload = unlike(pictures[sent % 64] as Buffer, sent + Number(first) * 1000);
      yield { messageId: nextId(), topic: `${root}/crops/${String(crop).padStart(5, '0')}`, payload };
    }
    const end = { v: 1, status: 'complete', end: new Date().toISOString(), crops: Number(cropsPerRun) };
    yield { messageId: nextId(), topic: `${root}/end`, payload: JSON.stringify(end) };
  }
}

function nextId(): number {
  lastId = (lastId % 65_535) + 1;
  return lastId;
}
