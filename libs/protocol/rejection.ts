/**
 * Every reason for which a message is set aside for good, with what it means. The codes are part of the
 * contract: they stand in dead letters, receipts and on `problem`, and are never renamed.
 */
export const REJECTION_CODES = {
  'bad-topic': 'The topic is none of this contract.',
  'foreign-topic': 'The topic belongs to another trap than the one that is logged in.',
  'wrong-direction': 'Only the service publishes on this topic.',
  'bad-id': 'An id in the topic has characters or a length that ids cannot have.',
  'too-large': 'The payload is larger than its topic allows.',
  empty: 'The payload has no bytes.',
  'bad-json': 'The payload is not JSON in UTF-8.',
  'bad-payload': 'A field is missing, of the wrong type or out of range; the message names it.',
  'not-an-image': 'The crop is no JPEG, PNG or WebP that can be read.',
  'too-many-pixels':
    'Decoding the crop would cost too much: more than 40 megapixels, a side of more than 16,384 pixels, far more pixels than so few bytes can hold, or thousands of scans.',
  'crop-conflict':
    'A crop with this id and other bytes is already stored, and stays, whatever the manifest says: use another id.',
  'hash-mismatch':
    "The crop's SHA-256 is not the one that the manifest gives: send the crop as the manifest has it.",
  deleted:
    'The crop, or its run, was deleted for good on the service: it is not taken again, and the trap may delete it.',
} as const;

export type RejectionCode = keyof typeof REJECTION_CODES;

/** Longest message of a refusal, in characters: it is stored, and sent to traps in small payloads. */
const MESSAGE_LIMIT = 300;

/**
 * A message that can never be right, however often it is sent: set it aside and acknowledge it. Every other
 * error (a full disk, a catalog that is away) means: do not acknowledge, try again. See {@link isRejection}.
 */
export class Rejection extends Error {
  override readonly name = 'Refusal';

  /**
   * @param message says what would be right; parts of the input in it are made harmless
   * @param field path of the field at fault, such as `manifest[3].box`
   */
  constructor(
    readonly code: RejectionCode,
    message: string = REJECTION_CODES[code],
    readonly field?: string,
  ) {
    super(printable(message, MESSAGE_LIMIT));
  }
}

/** Whether to set the message aside and acknowledge it (true) or to try again (false). */
export function isRejection(error: unknown): error is Rejection {
  return error instanceof Rejection;
}

/** Control characters and halves of surrogate pairs as `?`, cut to `limit` characters: safe to store and send. */
export function printable(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(/[\p{Cc}\p{Cs}]/gu, '?');
}
