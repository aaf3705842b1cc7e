import type { PublishPacket } from 'aedes';
import { FairSemaphore } from '../../async/index.js';
import { readTopic } from '../../protocol/index.js';
import { KeyedQueue } from '../keyed-order.js';
import type { Acknowledge, Message } from '../message.js';
import type { Admission } from './admission.js';
import { detachPayload, forwardNowhere } from './aedes-quirks.js';
import type { EmbeddedBrokerOptions, Principal } from './embedded-options.js';
import type { Session } from './session.js';

type TopicRules<P extends Principal> = Pick<EmbeddedBrokerOptions<P>, 'mayPublish' | 'mayRetain'>;

/**
 * The part of the slots that one account may have. Work of all waits in the same queue for the catalog, so this bounds
 * how much of a flood stands before the message of another trap. One connection has no more under way as a rule.
 */
const SLOTS_OF_ONE = 1 / 8;

/** Takes the publishes of all clients: applies the rules, has them settled, counts. */
export class Reception<P extends Principal> {
  readonly counts = { received: 0, settled: 0, unsafe: 0, stale: 0, foreign: 0 };
  /** Messages in `settle`. Whose turn it is does not depend on how many others send. */
  readonly slots: FairSemaphore;
  readonly #rules: TopicRules<P>;
  readonly #settle: Acknowledge;
  readonly #retained = new KeyedQueue();
  readonly #admissionOf = new WeakMap<object, Admission>();
  #isClosing = false;

  constructor(rules: TopicRules<P>, maxInFlight: number, settle: Acknowledge) {
    this.#rules = rules;
    this.slots = new FairSemaphore(maxInFlight, { account: SLOTS_OF_ONE });
    this.#settle = settle;
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
    const parsed = readTopic(topic);
    const isForeign = topic.startsWith('$') || !this.#rules.mayPublish(principal, topic, parsed);
    const isCut = truncatedFrom !== undefined;
    const message: Message = {
      topic,
      parsed,
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
      forwardNowhere(packet);
      return this.#settleInTurn(session, message);
    }
    if (retain && this.#rules.mayRetain(topic, parsed)) detachPayload(packet);
    else packet.retain = false;
    // Allowed, but for other readers of the broker.
    if (!parsed.kind) return !this.#isClosing;
    if (!packet.retain) return this.#settleInTurn(session, message);
    return this.#retained.run(topic, () => this.#settleInTurn(session, message));
  }

  async #settleInTurn({ slots }: Session<P>, message: Message): Promise<boolean> {
    if (!slots) throw new Error('the client was not accepted');
    await new Promise<void>((resolve) => slots.acquire(1, resolve));
    try {
      if (this.#isClosing) return false;
      const isSettled = await this.#settle(message);
      if (isSettled) this.counts.settled++;
      return isSettled;
    } finally {
      slots.release(1);
    }
  }
}
