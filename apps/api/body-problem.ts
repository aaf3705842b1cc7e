import { isUtf8 } from 'node:buffer';
import { Problem } from './problem.js';

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
