import type { Aedes, Client, PublishPacket } from 'aedes';

/** A topic that nobody can subscribe to: filters with `$` are refused, and `#` does not match it. */
const NOWHERE = '$SYS/trapline/refused';

/**
 * aedes drops a message for a subscriber when its counter is lower than the last one seen, which happens
 * whenever handlers finish out of order (moscajs/aedes#955, #994). Without that record nothing is dropped.
 */
export function forgetDuplicates(client: Client, broker: Aedes): void {
  const { duplicates } = client as unknown as { duplicates: object };
  Object.defineProperty(duplicates, broker.id, { get: () => 0, set: () => {} });
}

/** A client that is sending, or that we keep from sending, is alive although no packet of it is complete. */
export function refreshKeepAlive(client: Client): void {
  (client as unknown as { _keepaliveTimer: NodeJS.Timeout | null })._keepaliveTimer?.refresh();
}

/**
 * aedes keeps QoS 2 messages until their PUBREL, up to 1000 of a client, only to know their ids: keep the ids.
 */
export function keepOnlyIdsOfQos2(broker: Aedes): void {
  const { persistence } = broker as unknown as {
    persistence: { incomingStorePacket(client: Client, packet: PublishPacket): Promise<void> };
  };
  const store = persistence.incomingStorePacket.bind(persistence);
  persistence.incomingStorePacket = (client, packet) =>
    store(client, { ...packet, payload: Buffer.alloc(0) });
}

/**
 * Makes aedes acknowledge a packet without forwarding or retaining it. It knows only both or neither, and an
 * error would close the connection, after which the client sends the same again.
 */
export function forwardNowhere(packet: PublishPacket): void {
  packet.topic = NOWHERE;
  packet.payload = Buffer.alloc(0);
  packet.retain = false;
}

/** A payload is a view of the chunk it was read in: without a copy, 20 retained bytes would keep 64 KiB. */
export function detachPayload(packet: PublishPacket): void {
  packet.payload = Buffer.from(packet.payload);
}
