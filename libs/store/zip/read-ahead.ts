/** A part of a long body: read at once, or as it comes. */
export type Part =
  | { readonly bytes: number; read(): Promise<readonly Buffer[]> }
  | { stream(): AsyncIterable<Buffer> };

/** So much may be on its way from the disk, in so many reads: enough to keep it busy, little enough to forget. */
const AHEAD_BYTES = 512 * 1024;
const AHEAD_PARTS = 8;

/** The content of the parts in their order; while one is handed on, the next are being read. */
export async function* readAhead(parts: AsyncIterable<Part>): AsyncGenerator<Buffer> {
  const source = parts[Symbol.asyncIterator]();
  const reading: { readonly bytes: number; readonly content: Promise<readonly Buffer[]> }[] = [];
  let bytesAhead = 0;
  let last: Part | undefined;
  let isOver = false;
  try {
    while (!isOver || reading.length) {
      while (!isOver && !last && bytesAhead < AHEAD_BYTES && reading.length < AHEAD_PARTS) {
        const { done, value } = await source.next();
        if (done) isOver = true;
        else if ('stream' in value) last = value;
        else {
          const content = value.read();
          // It is awaited in its turn, which may never come.
          content.catch(() => {});
          reading.push({ bytes: value.bytes, content });
          bytesAhead += value.bytes;
        }
      }
      const next = reading.shift();
      if (next) {
        yield* await next.content;
        bytesAhead -= next.bytes;
      } else if (last && 'stream' in last) {
        yield* last.stream();
        last = undefined;
      }
    }
  } finally {
    await Promise.allSettled(reading.map(({ content }) => content));
    await source.return?.();
  }
}

const CHUNK_BYTES = 128 * 1024;

/** The same bytes in chunks of at least 128 KiB, but for the last: each chunk costs a call into the system. */
export async function* gathered(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < CHUNK_BYTES) continue;
    yield waiting.length === 1 ? chunk : Buffer.concat(waiting, bytes);
    waiting = [];
    bytes = 0;
  }
  if (bytes) yield Buffer.concat(waiting, bytes);
}
