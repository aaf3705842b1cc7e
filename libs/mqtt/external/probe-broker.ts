import { randomUUID } from 'node:crypto';

const ANSWER_MS = 5_000;
/** Return codes of a CONNACK: not authorised, bad user name or password (MQTT 3.1.1: 4, 5; MQTT 5: 134, 135). */
const DENIED = new Set([4, 5, 134, 135]);

/**
 * Asks a broker whether it is there and lets somebody in; subscribes to nothing and leaves again.
 *
 * @throws where it does not answer as a broker does
 */
export async function probeBroker(
  url: string,
  login: { readonly user?: string | undefined; readonly password?: string | undefined } = {},
): Promise<'let in' | 'denied'> {
  const { default: mqtt } = await import('mqtt');
  try {
    const client = await mqtt.connectAsync(url, {
      username: login.user,
      password: login.password,
      clientId: `trapline-doctor-${randomUUID().slice(0, 8)}`,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: ANSWER_MS,
    });
    await client.endAsync();
    return 'let in';
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'number' && DENIED.has(code)) return 'denied';
    throw error;
  }
}
