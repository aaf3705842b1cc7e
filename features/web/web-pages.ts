import { fileURLToPath } from 'node:url';
import { Inject, Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { hasCopy } from '../http/index.js';
import { LOG } from '../platform/index.js';
import { INDEX, readWebFiles, type WebFile } from './web-files.js';

/** Token of the folder of the built pages; by default the one of this build. */
export const WEB_FOLDER = Symbol('WEB_FOLDER');

/** Beside the programs, where the build puts them. */
const BUILT = new URL('../../web/', import.meta.url);

/** What belongs to the API and its neighbours, with letters of any case, as the router takes them. */
const NOT_PAGES = /^\/(?:api|health|metrics|data|classify)(?:\/|$)/i;
/** A page; what has a dot in its first part, or lies among the files, is a file. */
const PAGE = /^\/(?!assets\/)(?:[^/.]+(?:\/.*)?)?$/;

const YEAR_S = 31_536_000;
/** Pages load nothing from elsewhere, run no script of their own text, and are shown in no frame. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'self'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  // To this origin only, so that a form names where it comes from.
  'Referrer-Policy': 'same-origin',
  Vary: 'Accept-Encoding',
};

/**
 * Serves the web pages at `/`: files as they are, and `index.html` for every path that is a page, since the pages find
 * their way by themselves. Everything else goes on to the API.
 */
@Injectable()
export class WebPages implements OnModuleInit {
  private files: ReadonlyMap<string, WebFile> = new Map();

  constructor(
    @Inject(LOG) private readonly log: Logger,
    @Optional() @Inject(WEB_FOLDER) private readonly folder: URL = BUILT,
  ) {}

  async onModuleInit(): Promise<void> {
    this.files = await readWebFiles(fileURLToPath(this.folder));
    if (!this.files.size) this.log.warn('the web pages are not built: npm run build');
  }

  /** Stands before the routes of the API, as Express' middleware. */
  handle(request: Request, response: Response, next: NextFunction): void {
    const { path, method } = request;
    const isRead = method === 'GET' || method === 'HEAD';
    const isPage = PAGE.test(path);
    const mayBeOurs = isRead && !NOT_PAGES.test(path);
    const file = mayBeOurs
      ? (this.files.get(path) ?? (isPage ? this.files.get(INDEX) : undefined))
      : undefined;
    if (file) send(file, request, response);
    else if (mayBeOurs && isPage)
      response
        .set({ ...HEADERS, 'Cache-Control': 'no-store' })
        .status(503)
        .type('html')
        .send(NOT_BUILT);
    else next();
  }
}

function send(file: WebFile, request: Request, response: Response): void {
  const { bytes, gzipped, mediaType, etag, isHashed } = file;
  const cache = isHashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache';
  response.set({ ...HEADERS, 'Cache-Control': cache, ETag: etag });
  if (hasCopy(request, etag)) {
    response.status(304).end();
    return;
  }
  const takesGzip = gzipped && request.acceptsEncodings('gzip') === 'gzip';
  if (takesGzip) response.set('Content-Encoding', 'gzip');
  const body = takesGzip ? gzipped : bytes;
  response.set({ 'Content-Type': mediaType, 'Content-Length': String(body.length) });
  // `end` sends no body where only the head was asked for.
  response.end(body);
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Trapline</title></head>
<body>
<h1>The web pages are not built</h1>
<p>Run <code>npm run build</code> and start Trapline again. The <a href="/api/docs">REST API</a> works meanwhile.</p>
</body>
</html>
`;
