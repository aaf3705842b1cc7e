import { type Catalog, leaveOutbox, oldestInOutbox, putRetained } from '../../libs/catalog/index.js';

const MESSAGES_AT_ONCE = 100;

export type Publish = (
  topic: string,
  payload: string,
  options: { readonly retain: boolean; readonly qos: 1 },
) => Promise<void>;

/**
 * One step of telling the traps: publishes what waits in the outbox, oldest first, and forgets it when the broker
 * has it. A kill in between tells it twice, never not at all.
 *
 * @returns true where there is probably more
 */
export async function sendOutbox(catalog: Catalog, publish: Publish): Promise<boolean> {
  const messages = await oldestInOutbox(catalog.reader, MESSAGES_AT_ONCE);
  if (!messages.length) return false;
  for (const message of messages) {
    if (message.retain) await putRetained(catalog.db, message.topic, message.payload);
    await publish(message.topic, message.payload, { retain: message.retain === 1, qos: 1 });
  }
  await leaveOutbox(catalog.db, messages);
  return messages.length === MESSAGES_AT_ONCE;
}
