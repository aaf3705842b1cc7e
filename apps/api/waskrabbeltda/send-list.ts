import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';

/** Answers with one JSON list, page by page, however long it is; no faster than the client takes it. */
export async function sendList(
  request: Request,
  response: Response,
  pages: AsyncIterable<readonly unknown[]>,
): Promise<void> {
  response.status(200).type('application/json');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(() => asJson(pages), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

async function* asJson(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    for (const item of page) {
      yield before + JSON.stringify(item);
      before = ',';
    }
  }
  yield before === '[' ? '[]' : ']';
}
