import { z } from 'zod';
import { id, link, onlyTheseFields } from '../../http/index.js';
import { timeZone } from '../deployments/deployments.schema.js';
import { UNKNOWN_PASSWORD } from './how-to-connect.js';

const TWO_LANGUAGES = z.strictObject({ en: z.string(), de: z.string() });

export const CONNECT = z
  .strictObject({
    broker: z.strictObject({ host: z.string(), port: z.int(), tls: z.boolean() }),
    http: link().meta({ description: 'Address of the service for traps that send over HTTP' }),
    ways: z.array(
      z.strictObject({
        id: z.enum(['agent', 'python', 'mosquitto_pub', 'http']),
        title: TWO_LANGUAGES,
        code: z.string().meta({ description: 'Commands to copy' }),
      }),
    ),
    qr: z.string().meta({ description: 'Broker, user and password as one address, for a QR code' }),
  })
  .meta({
    id: 'Connect',
    description: `How a trap connects. Where its password is not known, \`${UNKNOWN_PASSWORD}\` stands for it`,
  });

export const MADE_TRAP = z
  .strictObject({
    trapId: z.string(),
    user: z.string(),
    password: z.string().meta({ description: 'Shown this once: only a hash of it is kept' }),
    connect: CONNECT,
  })
  .meta({ id: 'MadeTrap' });

const NAME_ERROR = 'must be a text of 1 to 200 characters';
export const NEW_TRAP = onlyTheseFields({
  trapId: id(),
  name: z
    .string({ error: NAME_ERROR })
    .trim()
    .min(1, { error: NAME_ERROR })
    .max(200, { error: NAME_ERROR })
    .optional(),
  timeZone: timeZone().optional(),
});

export const EXAMPLE_CONNECT: z.output<typeof CONNECT> = {
  broker: { host: '192.168.1.20', port: 1883, tls: false },
  http: 'http://192.168.1.20:3000',
  ways: [
    {
      id: 'http',
      title: { en: 'HTTP', de: 'HTTP' },
      code: "curl -u meadow-2:'<password>' -T insect.jpg http://192.168.1.20:3000/api/v1/traps/meadow-2/runs/run-1/crops/0001",
    },
  ],
  qr: 'mqtt://meadow-2@192.168.1.20:1883',
};
export const EXAMPLE_MADE_TRAP: z.output<typeof MADE_TRAP> = {
  trapId: 'meadow-2',
  user: 'meadow-2',
  password: 'q3ZQ0Yk1c7n6l2S0c8sYlq4xqk7b8k1mB2v3n4c5x6z',
  connect: EXAMPLE_CONNECT,
};
