import type { RejectionCode } from '../../../libs/protocol/index.js';

/** One message as a trap publishes it, with QoS 1, and what must become of it. */
export interface Outgoing {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly retain: boolean;
  /** The code under which it must be set aside; undefined = it must be taken. */
  readonly refusedAs?: RejectionCode | undefined;
  /** Goes out when all before it are acknowledged, and those behind it when it is. */
  readonly alone?: boolean | undefined;
}
