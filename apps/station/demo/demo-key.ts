import { Catalog, newSecret, putAccount } from '../../../libs/catalog/index.js';

/** The name under which the demo looks at itself, over REST and MQTT. */
export const DEMO_USER = 'demo';

/** Makes a key for this start of the demo; that of the last one stops to work. */
export async function demoKey(dataDir: string): Promise<string> {
  const secret = newSecret();
  const catalog = await Catalog.open({ dataDir });
  try {
    await putAccount(catalog.db, { kind: 'key', name: DEMO_USER, role: 'admin', secret }, Date.now());
  } finally {
    await catalog.close();
  }
  return secret;
}
