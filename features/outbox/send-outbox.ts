import pLimit from 'p-limit';
import type { Catalog } from '../../libs/database/index.js';
import { ackOutbox, type OutboxRow, oldestInOutbox, putRetained } from './outbox.repository.js';

const MESSAGES_AT_ONCE = 100;

export type Publish = (
  topic: string,
  payload: string,
  options: { readonly retain: boolean; readonly qos: 1 },
) => Promise<void>;

/**
 * One step of telling the traps: publishes what waits in the outbox, oldest first, and forgets what the broker has. A
 * kill in between tells it twice, never not at all. What is about one run goes out in order, and a message that fails
 * costs no other run its own.
 *
 * @param atOnce how many messages may be on their way at one time
 * @param untrue chooses messages that do not hold any more: they are dropped
 * @returns true where there is probably more
 * @throws the first failure, where nothing could be published
 */
export async function sendOutbox(
  catalog: Catalog,
  publish: Publish,
  atOnce: number,
  untrue: (messages: readonly OutboxRow[]) => Promise<ReadonlySet<OutboxRow>> = async () => new Set(),
): Promise<boolean> {
  const messages = await oldestInOutbox(catalog.reader, MESSAGES_AT_ONCE);
  if (!messages.length) return false;
  await putAllRetained(
    catalog,
    messages.filter(({ retain }) => retain),
  );
  const dropped = await untrue(messages);
  const ofRuns = new Map<string, OutboxRow[]>();
  for (const message of messages) ofRuns.set(message.key, [...(ofRuns.get(message.key) ?? []), message]);
  const limit = pLimit(atOnce);
  const sent: OutboxRow[] = [];
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    [...ofRuns.values()].map((ofRun) =>
      limit(async () => {
        try {
          for (const message of ofRun) {
            if (!dropped.has(message))
              await publish(message.topic, message.payload, { retain: message.retain === 1, qos: 1 });
            sent.push(message);
          }
        } catch (error) {
          failure ??= { error };
        }
      }),
    ),
  );
  if (sent.length) await catalog.inSharedTransaction((tx) => ackOutbox(tx, sent));
  if (failure && !sent.length) throw failure.error;
  return !failure && messages.length === MESSAGES_AT_ONCE;
}

async function putAllRetained({ db }: Catalog, messages: readonly OutboxRow[]): Promise<void> {
  if (!messages.length) return;
  await db.transaction().execute(async (tx) => {
    for (const { topic, payload } of messages) await putRetained(tx, topic, payload);
  });
}
