import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import { Catalog, putAccount } from '../../libs/catalog/index.js';
import { THREAD_FILE } from '../../test/fixtures/catalog-engines.js';
import { ApiModule, type ApiParts } from './api.module.js';
import { answerChecker } from './openapi/spec-check-answer.js';

export const ROLES = ['device', 'viewer', 'editor', 'admin'] as const;
export type Key = (typeof ROLES)[number] | 'trap' | 'none' | 'wrong';

/** Keys that are good enough in a test: real ones are random. */
export const secretOf = (key: Key) => `secret-of-${key}`;

/** A real API on a port of its own, over a real catalog in a temporary folder. */
export interface SmallApi {
  readonly app: NestExpressApplication;
  readonly catalog: Catalog;
  readonly dataDir: string;
  /** What was logged, as lines of JSON. */
  readonly logged: string[];
  readonly url: string;
  /** The answer as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
  json(path: string, options?: RequestInit & { readonly as?: Key }): Promise<any>;
  get(path: string, options?: RequestInit & { readonly as?: Key }): Promise<Response>;
  close(): Promise<void>;
}

/** What was answered, as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
export const bodyOf = async (response: Response | Promise<Response>): Promise<any> => (await response).json();

export async function openSmallApi(parts: Partial<ApiParts> = {}): Promise<SmallApi> {
  const dataDir = await mkdtemp(join(tmpdir(), 'api-'));
  const catalog = await Catalog.open({ dataDir, threadFile: THREAD_FILE });
  for (const role of ROLES) {
    await putAccount(catalog.db, { kind: 'key', name: role, role, secret: secretOf(role) }, 1);
  }
  await putAccount(
    catalog.db,
    { kind: 'trap', name: 'meadow-1', role: 'device', secret: secretOf('trap') },
    1,
  );
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const module = ApiModule.with({
    catalog,
    dataDir,
    diskReserveBytes: 0,
    model: undefined,
    version: '0.0.0-test',
    log,
    thumbnailProgram: new URL('../../dist/libs/images/thumbnail-program.js', import.meta.url),
    ...parts,
  });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const check = answerChecker(app);
  const get: SmallApi['get'] = async (path, { as = 'viewer', headers, ...options } = {}) => {
    const answer = await fetch(url + path, {
      ...options,
      headers: { ...(as !== 'none' && { authorization: `Bearer ${secretOf(as)}` }), ...headers },
    });
    await check(options.method ?? 'GET', new URL(url + path), answer);
    return answer;
  };
  return {
    app,
    catalog,
    dataDir,
    logged,
    url,
    get,
    json: async (path, options) => (await get(path, options)).json(),
    async close() {
      await app.close();
      await catalog.close().catch(() => {});
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
