import { once } from 'node:events';
import type { Readable } from 'node:stream';
import busboy, { type Busboy } from 'busboy';
import type { Request } from 'express';
import { Problem } from '../http/index.js';
import type { BodyShare } from './body-limiter.js';
import { chunksOf, letGoBy } from './read-body.js';

const FIELDS = 50;
const FIELD_BYTES = 4096;

/** A file of a form. */
export interface FormFile {
  readonly field: string;
  /** As the sender calls it, without its folders; never to be used as a path. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Where it is over the limit: at least so many bytes it has. `bytes` are its beginning. */
  readonly tooLargeBytes?: number;
}

interface FormLimits {
  /** Of one file. */
  readonly fileBytes: number;
  readonly files: number;
  /** Of files that are not done with yet: while there are more, nothing is read. */
  readonly heldBytes: number;
}

/** What is done with the parts of a form as they come. What it throws ends the reading. */
export interface FormTaker {
  field(name: string, value: string): void;
  file(file: FormFile): Promise<void>;
}

/**
 * Reads a form (`multipart/form-data`) part by part: a file is handed over when it is whole, whatever comes behind it.
 * However many files there are, no more than some are in memory.
 *
 * @throws Problem where it cannot be read or has too many parts, and what the taker throws
 */
export async function readForm(
  request: Request,
  limits: FormLimits,
  taker: FormTaker,
  share?: Pick<BodyShare, 'grow'>,
): Promise<void> {
  const form = open(request, limits);
  const closed = once(form, 'close').catch(() => {});
  const files = new TakenFiles(taker, limits);
  form.on('field', (name, value) => files.attempt(() => taker.field(name, value)));
  form.on('file', (field, stream, { filename }) => files.add(field, filename ?? '', stream));
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
    form.on(limit, () =>
      files.fail(
        new Problem(413, 'too-large', `The form has too many parts: at most ${limits.files} files.`),
      ),
    );
  try {
    for await (const chunk of chunksOf(request, share)) {
      await write(form, chunk);
      await files.room();
    }
    form.end();
    await closed;
    if (form.errored) throw malformed(form.errored);
    await files.all();
  } catch (error) {
    letGoBy(request);
    form.destroy();
    await files.quiet();
    throw error;
  }
}

/** Files that have come, or are about to. */
class TakenFiles {
  private readonly underWay = new Set<Promise<void>>();
  private heldBytes = 0;
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly taker: FormTaker,
    private readonly limits: FormLimits,
  ) {}

  add(field: string, name: string, stream: Readable & { truncated?: boolean }): void {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => {
      this.heldBytes += chunk.length;
      chunks.push(chunk);
    });
    stream.on('error', () => {}); // the form says it, too
    stream.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const more = stream.truncated ? { tooLargeBytes: this.limits.fileBytes + 1 } : {};
      const work = Promise.resolve()
        .then(() => (this.failure ? undefined : this.taker.file({ field, name, bytes, ...more })))
        .catch((error: unknown) => this.fail(error))
        .finally(() => {
          this.heldBytes -= bytes.length;
          this.underWay.delete(work);
        });
      this.underWay.add(work);
    });
  }

  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.failure ??= { error };
  }

  /** Waits until there is room for more. */
  async room(): Promise<void> {
    while (!this.failure && this.heldBytes > this.limits.heldBytes && this.underWay.size)
      await Promise.race(this.underWay);
    if (this.failure) throw this.failure.error;
  }

  async all(): Promise<void> {
    await this.quiet();
    if (this.failure) throw this.failure.error;
  }

  async quiet(): Promise<void> {
    while (this.underWay.size) await Promise.all(this.underWay);
  }
}

function open({ headers }: Request, { fileBytes, files }: FormLimits): Busboy {
  try {
    return busboy({
      headers,
      defParamCharset: 'utf8',
      limits: { fileSize: fileBytes, files, fields: FIELDS, fieldSize: FIELD_BYTES, parts: files + FIELDS },
    });
  } catch {
    throw new Problem(415, 'malformed-request', 'Send a form: Content-Type: multipart/form-data.');
  }
}

const write = (form: Busboy, chunk: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    form.write(chunk, (error) => (error ? reject(malformed(error)) : resolve()));
  });

const malformed = ({ message }: Error): Problem =>
  new Problem(400, 'malformed-request', `The form cannot be read: ${message}.`);
