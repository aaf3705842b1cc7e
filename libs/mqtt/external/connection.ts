interface Slot {
  readonly messageId: number;
  isSettled: boolean;
}

/**
 * What came on one connection to an external broker, and is not acknowledged yet.
 *
 * Acknowledgements go out in the order of arrival [MQTT-4.6.0-2], and only on the connection the message came
 * on: on the next one the broker sends it again, maybe with an id that means something else by then.
 */
export class Connection {
  /** The broker has accepted the connection. */
  isOpen = false;
  /** All subscriptions are granted. */
  isSubscribed = false;
  /** The client's pump waits for us, and so reads nothing, not even a PINGRESP. */
  isParked = false;
  #isEnded = false;
  readonly #slots: Slot[] = [];
  readonly #acknowledge: (messageId: number) => void;

  constructor(acknowledge: (messageId: number) => void) {
    this.#acknowledge = acknowledge;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  end(): void {
    this.#isEnded = true;
    this.isOpen = false;
    this.isSubscribed = false;
    this.#slots.length = 0;
  }

  /**
   * Notes the arrival of a QoS 1 message.
   *
   * @returns says that it is settled; false when the connection has ended, so that it will come again
   */
  arrived(messageId: number): () => boolean {
    const slot = { messageId, isSettled: false };
    this.#slots.push(slot);
    return () => {
      slot.isSettled = true;
      this.#flush();
      return !this.#isEnded;
    };
  }

  #flush(): void {
    let settled = 0;
    for (const slot of this.#slots) {
      if (!slot.isSettled) break;
      this.#acknowledge(slot.messageId);
      settled++;
    }
    this.#slots.splice(0, settled);
  }
}
