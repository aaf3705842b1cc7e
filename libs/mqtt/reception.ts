import type { PublishPacket } from 'aedes';
import type { Admission } from './admission.js';
import { detachPayload, forwardToNobody } from './aedes-quirks.js';
import type { EmbeddedBrokerOptions, Principal } from './embedded-options.js';
import { InTurn } from './in-turn.js';
import type { Message, Settle } from './message.js';
import { Room } from './room.js';
import type { Session } from './session.js';
import { TopicTree } from './topic-tree.js';

export type TopicRules<P extends Principal> = Pick<EmbeddedBrokerOptions<P>, 'mayPublish' | 'mayRetain'>;

/** Takes the publishes of all clients: applies the rules, has them settled, counts. */
export class Reception<P extends Principal> {
  readonly counts = { received: 0, settled: 0, unsafe: 0, stale: 0, foreign: 0 };
  /** Messages in `settle`. */
  readonly slots: Room;
  readonly #rules: TopicRules<P>;
  readonly #settle: Settle;
  readonly #filters = new TopicTree<true>();
  readonly #retained = new InTurn();
  readonly #admissionOf = new WeakMap<object, Admission>();
  #isClosing = false;

  constructor(rules: TopicRules<P>, maxInFlight: number, filters: readonly string[], settle: Settle) {
    this.#rules = rules;
    this.slots = new Room(maxInFlight);
    this.#settle = settle;
    for (const filter of filters) this.#filters.add(filter, true);
  }

  /** Begins nothing any more; resolves when what is in flight is through. */
  drain(): Promise<void> {
    this.#isClosing = true;
    return this.slots.whenEmpty();
  }

  /** Calls `done` when the packet may be acknowledged and forwarded; with an error, to end the connection. */
  receive(session: Session<P>, packet: PublishPacket, done: (error?: Error | null) => void): void {
    // A last will is no packet of its own; it came inside the CONNECT.
    const admission = packet.cmd === 'publish' ? session.intake.next() : undefined;
    this.#settlePacket(session, packet, admission?.truncatedFrom).then(
      (isSettled) => {
        // Without an answer aedes does not acknowledge; the connection ends with the broker, soon.
        if (!isSettled) return admission?.release();
        if (admission && session.client.connected) {
          this.#admissionOf.set(packet, admission);
          session.forward(admission);
        } else if (admission) {
          this.counts.stale++;
          admission.release();
        }
        done(null);
      },
      (error: Error) => {
        admission?.release();
        done(error);
      },
    );
  }

  /** aedes has forwarded the packet to every subscriber. */
  forwarded(session: Session<P>, packet: object): void {
    const admission = this.#admissionOf.get(packet);
    if (admission) session.forwarded(admission);
  }

  async #settlePacket(session: Session<P>, packet: PublishPacket, truncatedFrom?: number): Promise<boolean> {
    const { topic, retain } = packet;
    const { principal } = session;
    // U+0000 must end the connection [MQTT-1.5.3-2].
    if (!principal || topic.includes('\0')) throw new Error('malformed topic');
    const isForeign = topic.startsWith('$') || !this.#rules.mayPublish(principal, topic);
    const isCut = truncatedFrom !== undefined;
    const message: Message = {
      topic,
      payload: packet.payload as Buffer,
      qos: packet.qos,
      retain,
      duplicate: packet.dup === true,
      client: session.name,
      ...(isForeign && { foreign: true }),
      ...(isCut && { truncatedFrom }),
    };
    this.counts.received++;
    if (packet.qos === 0) this.counts.unsafe++;
    if (isForeign) this.counts.foreign++;

    if (isForeign || isCut) {
      forwardToNobody(packet);
      return this.#settleInRoom(message);
    }
    if (retain && this.#rules.mayRetain(topic)) detachPayload(packet);
    else packet.retain = false;
    if (!this.#filters.find(topic)) return !this.#isClosing;
    if (!packet.retain) return this.#settleInRoom(message);
    return this.#retained.run(topic, () => this.#settleInRoom(message));
  }

  async #settleInRoom(message: Message): Promise<boolean> {
    await new Promise<void>((resolve) => this.slots.enter(1, resolve));
    try {
      if (this.#isClosing) return false;
      const isSettled = await this.#settle(message);
      if (isSettled) this.counts.settled++;
      return isSettled;
    } finally {
      this.slots.leave(1);
    }
  }
}
