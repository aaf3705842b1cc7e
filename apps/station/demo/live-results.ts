import { connect, type MqttClient } from 'mqtt';
import { FILTER, parseMessageOf } from '../../../libs/protocol/index.js';

/** Hears the results as they go out over MQTT, and makes a line of each. */
export function liveResults(
  port: number,
  user: string,
  password: string,
  onLine: (line: string) => void,
): MqttClient {
  const client = connect(`mqtt://127.0.0.1:${port}`, { username: user, password });
  client.on('connect', () => void client.subscribe(FILTER.result, { qos: 1 }));
  client.on('error', () => {});
  client.on('message', (topic, bytes) => {
    const { trapId, payload } = parseMessageOf('result', topic, bytes);
    const { label, probability, crops, unsure, final } = payload;
    if (!final) return;
    const time = new Date().toTimeString().slice(0, 8);
    const seen = `${label} ${probability.toFixed(2)}${unsure ? ', unsure' : ''}`;
    onLine(`${time}  ${trapId}  ${seen}, ${crops} ${crops === 1 ? 'crop' : 'crops'}`);
  });
  return client;
}
