import { type JsonObject, payloadSchemas } from './payloads/schemas.js';
import { KINDS, type Kind, topicEntry } from './topics.js';

const ID_MEANINGS: Readonly<Record<string, string>> = {
  trapId: 'The trap; also its user name',
  runId: 'The tracking run, unique within the trap for ever',
  cropId: 'The crop, unique within the run; sorts in time order',
  sessionId: 'The recording period, unique within the trap',
  commandId: 'The command, named by the service',
  alertKind: 'What the alert is about',
};

interface AsyncApiOptions {
  /** Of the contract or of the program that serves the document. */
  readonly version: string;
  /** Host and port of the broker, such as `localhost:1883`. */
  readonly host: string;
}

/**
 * The contract as an AsyncAPI 3.0 document, told from the side of the service: it receives what traps publish
 * and sends what they read.
 */
export function asyncApiDocument({ version, host }: AsyncApiOptions): JsonObject {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Trapline MQTT contract',
      version,
      description:
        'Insect camera traps send crops and what they know of them; the service answers what it saw.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { broker: { host, protocol: 'mqtt', description: 'Any MQTT 3.1.1 or 5 client' } },
    channels: Object.fromEntries(KINDS.map((kind) => [kind, channel(kind)])),
    operations: Object.fromEntries(KINDS.map((kind) => operation(kind))),
    components: {
      messages: messages(),
      parameters: Object.fromEntries(
        Object.entries(ID_MEANINGS).map(([name, description]) => [name, { description }]),
      ),
    },
  };
}

function channel(kind: Kind): JsonObject {
  const { template, summary } = topicEntry(kind);
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return {
    address: template,
    summary,
    servers: [{ $ref: '#/servers/broker' }],
    parameters: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/parameters/${name}` }])),
    messages: { [kind]: { $ref: `#/components/messages/${kind}` } },
  };
}

function operation(kind: Kind): [string, JsonObject] {
  const { direction, retained, summary } = topicEntry(kind);
  const action = direction === 'trap-to-service' ? 'receive' : 'send';
  const name = `${action}${kind[0]?.toUpperCase()}${kind.slice(1)}`;
  return [
    name,
    {
      action,
      summary,
      channel: { $ref: `#/channels/${kind}` },
      messages: [{ $ref: `#/channels/${kind}/messages/${kind}` }],
      // An operation's retain flag is for those who publish; AsyncAPI has no other place to say it.
      bindings: { mqtt: { qos: 1, retain: retained, bindingVersion: '0.2.0' } },
    },
  ];
}

function messages(): JsonObject {
  const schemas = payloadSchemas();
  return Object.fromEntries(
    KINDS.map((kind) => {
      const { maxBytes, summary } = topicEntry(kind);
      const { $schema, ...payload } = schemas[kind] ?? { type: 'string', format: 'binary' };
      const contentType = schemas[kind] ? 'application/json' : 'image/jpeg';
      return [kind, { name: kind, title: kind, summary, contentType, payload, 'x-maxBytes': maxBytes }];
    }),
  );
}
