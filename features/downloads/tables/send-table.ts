import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Request, Response } from 'express';

interface TableAnswer {
  readonly mediaType: string;
  readonly fileName: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Goes out before anything is looked up; empty for none. */
  readonly header: string;
  /** The lines, page by page. */
  readonly pages: AsyncIterable<string>;
}

/**
 * Answers with a table that grows while it is read: no faster than the client takes it, and no further than the client
 * stays. Its length is not known beforehand; a table that breaks off is a broken connection, and so is seen.
 */
export async function sendTable(request: Request, response: Response, table: TableAnswer): Promise<void> {
  response.status(200).set({
    'Content-Type': table.mediaType,
    'Content-Disposition': `attachment; filename="${table.fileName}"`,
    'Accept-Ranges': 'none',
    ...table.headers,
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.flushHeaders();
  await pipeline(() => politely(table), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** SQLite answers at once: without a pause between pages nobody else would be served. */
async function* politely({ header, pages }: TableAnswer): AsyncGenerator<string> {
  if (header) yield header;
  for await (const page of pages) {
    if (page) yield page;
    await setImmediate();
  }
}
