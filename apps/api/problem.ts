import { STATUS_CODES } from 'node:http';
import type { RefusalCode } from '../../libs/protocol/index.js';

/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export type ProblemCode =
  | 'invalid-request'
  | 'malformed-request'
  | 'no-key'
  | 'role-too-low'
  | 'link-not-valid'
  | 'wrong-password'
  | 'too-many-requests'
  | 'conflict'
  | 'not-found'
  | 'method-not-allowed'
  | 'range-not-satisfiable'
  | 'unavailable'
  | 'busy'
  | 'disk-full'
  | 'foreign-trap'
  | 'not-taken-here'
  | 'bytes-not-kept'
  | 'no-model'
  | 'model-unusable'
  | 'removed'
  | 'picture-lost'
  | 'picture-damaged'
  | 'undecodable'
  | 'internal'
  // What is refused bears the code of the contract, whichever way it was sent.
  | RefusalCode;

/** An answer that says what went wrong, as RFC 9457 has it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly detail: string,
    readonly more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      /** What went wrong here: for the log, the client does not get it. */
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
  }

  toJSON() {
    return {
      type: `urn:trapline:problem:${this.code}`,
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      errors: this.more.errors,
    };
  }
}

export const notFound = (detail: string): Problem => new Problem(404, 'not-found', detail);

export function invalidRequest(errors: readonly FieldError[]): Problem {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new Problem(400, 'invalid-request', `${detail}.`, { errors });
}
