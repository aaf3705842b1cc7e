import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { RejectionCode } from '../../libs/protocol/index.js';

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
  | 'traps-limited'
  | 'link-not-valid'
  | 'cross-site'
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
  | RejectionCode;

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

/** What Express' parser calls what is wrong with a body, and what this API says of it. */
const PROBLEMS: Readonly<Record<string, (error: { readonly limit?: number }) => Problem>> = {
  'entity.verify.failed': () => new Problem(400, 'malformed-request', 'The body is no valid UTF-8.'),
  'entity.parse.failed': () => new Problem(400, 'malformed-request', 'The body is no JSON object.'),
  'entity.too.large': ({ limit }) => new Problem(413, 'too-large', `The body may have ${limit} bytes.`),
  'charset.unsupported': () =>
    new Problem(415, 'malformed-request', 'The body must be JSON in UTF-8: its charset is not known here.'),
  'encoding.unsupported': () =>
    new Problem(
      415,
      'malformed-request',
      'The Content-Encoding of the body is not known here: send it as it is, or with gzip.',
    ),
  'request.aborted': () => new Problem(400, 'malformed-request', 'The body ended before its end.'),
};

/** Stands behind the parser: Nest would make of its errors some of its own, which say less. */
export function sayWhatIsWrong(
  error: { readonly type?: string; readonly limit?: number },
  _request: unknown,
  _response: unknown,
  next: (error: unknown) => void,
): void {
  next(PROBLEMS[error.type ?? '']?.(error) ?? error);
}

/** The parser would take bytes that are no text for question marks. It names what is thrown here `entity.verify.failed`. */
export function expectUtf8(
  _request: unknown,
  _response: unknown,
  body: Buffer,
  charset: string | null,
): void {
  if ((charset ?? 'utf-8') === 'utf-8' && !isUtf8(body)) throw new Error('no UTF-8');
}
