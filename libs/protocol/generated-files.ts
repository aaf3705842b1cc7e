import { asyncApiDocument } from './asyncapi.js';
import { payloadSchemas } from './payloads/schemas.js';

/** Version of the contract as documents state it; its first figure is the `v1` of the topics. */
export const CONTRACT_VERSION = '1.0.0';

const print = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** Path below `docs/generated` → content, of every document that is made from the code. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const asyncApi = asyncApiDocument({ version: CONTRACT_VERSION, host: 'localhost:1883' });
  return new Map([
    ['asyncapi.json', print(asyncApi)],
    ...Object.entries(payloadSchemas()).map(
      ([kind, schema]) => [`schemas/${kind}.json`, print(schema)] as [string, string],
    ),
  ]);
}
