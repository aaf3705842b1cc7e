import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillMeadow } from '../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

interface Raw {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** Sends a path as it is: `fetch` would mend it first. */
function raw(path: string, method = 'GET', body?: string | Buffer, more: object = {}): Promise<Raw> {
  const { hostname, port } = new URL(api.url);
  const headers = {
    authorization: 'Bearer secret-of-admin',
    ...(body && { 'content-type': 'application/json' }),
    ...more,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          body: Buffer.concat(parts).toString(),
          headers: answer.headers,
        }),
      );
    });
    sent.on('error', reject).end(body);
  });
}

describe('a problem', () => {
  it.each([
    ['GET', '/api/v1/nothing', 404],
    ['POST', '/api/v1/runs', 405],
    ['DELETE', '/api/v1/runs', 405],
    ['GET', '/api/v1/runs/%E0%A4%A/run-1', 400],
    ['GET', '/api/v1/runs/meadow-1/none', 404],
    ['GET', '/api/v1/traps/none', 404],
    ['GET', '/api/v1/traps/-', 400],
    ['GET', '/api/v1/traps/a%00b', 400],
    ['GET', '/api/v1/dead-letters/none', 404],
    ['GET', '/api/v1/dead-letters/none/bytes', 404],
    ['GET', '/api/v1/dead-letters/a%20b', 400],
    ['GET', '/api/v1/protocol/schemas/none.json', 404],
    ['GET', '/api/v1/protocol/schemas/__proto__.json', 404],
    ['GET', '/api/v1/traps/meadow-1?fields=all', 400],
    ['GET', '/api/v1/models?x=1', 400],
    ['GET', '/api/v1/runs?__proto__=1', 400],
    ['GET', '/api/v1/runs?constructor=1', 400],
    ['PUT', '/health/live', 405],
    ['PATCH', '/nothing', 404],
    ['GET', '/api/v1/sessions?from=x', 400],
    ['GET', '/api/v1/traps?after=x', 400],
    ['GET', '/api/v1/dead-letters?limit=0', 400],
  ])('answers %s %s with %i, and says what is wrong', async (method, path, status) => {
    const answer = await raw(path, method);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    const problem = JSON.parse(answer.body);
    expect(problem).toMatchObject({
      type: expect.stringMatching(/^urn:/),
      title: expect.any(String),
      status,
      detail: expect.any(String),
    });
    expect(answer.body).not.toMatch(/\.[jt]s:|node_modules|at Object/);
  });

  it('says which methods a path takes', async () => {
    const answer = await raw('/API/v1/runs/?limit=1', 'DELETE');
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect((await raw('/nothing', 'DELETE')).headers).not.toHaveProperty('allow');
  });

  it('answers a body that is no JSON', async () => {
    const answer = await raw('/api/v1/runs', 'POST', '{"a":');
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json']);
    expect(answer.body).not.toContain('position');
  });

  const tooMany = `{"name":"${'x'.repeat(200_000)}"}`;
  it.each([
    [
      'has bytes that are no text',
      Buffer.from('{"name":"\xff"}', 'latin1'),
      {},
      400,
      'malformed-request',
      'UTF-8',
    ],
    ['is too large', tooMany, {}, 413, 'too-large', 'may have 102400 bytes'],
    [
      'is in an unknown charset',
      '{}',
      { 'content-type': 'application/json; charset=x' },
      415,
      'malformed-request',
      'charset',
    ],
    [
      'is packed in an unknown way',
      '{}',
      { 'content-encoding': 'x' },
      415,
      'malformed-request',
      'Content-Encoding',
    ],
  ])('says of a body that it %s', async (_what, body, headers, status, code, words) => {
    const answer = await raw('/api/v1/auth/login', 'POST', body, headers);
    const problem = JSON.parse(answer.body);
    expect([answer.status, problem.type]).toEqual([status, `urn:trapline:problem:${code}`]);
    expect(problem.detail).toContain(words);
  });

  it.each([
    '/api/v1/runs/..%2f..%2f..%2fetc/passwd',
    '/api/v1/runs/%2e%2e/%2e%2e/crops/%2e%2e%2fcatalog.sqlite',
    '/api/v1/runs/meadow-1/run-1/crops/..%2f..%2f..%2f..%2fcatalog.sqlite',
    '/api/v1/runs/meadow-1/run-1/crops/%2e%2e',
    '/api/v1/runs/meadow-1/run-1/crops/..%5c..%5ccatalog.sqlite',
    '/api/v1/runs/meadow-1/run-1/crops/%252e%252e%252fcatalog.sqlite',
    '/api/v1/runs/meadow-1/run-1/crops/../../../../../catalog.sqlite',
    '/api/v1/runs/meadow-1/run-1/crops//etc/passwd',
    '/api/v1/dead-letters/..%2fruns',
    '/api/v1/protocol/schemas/..%2f..%2fpackage.json',
  ])('never leads out of the images: %s', async (path) => {
    const answer = await raw(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.type).toMatch(/^application\/problem\+json/);
  });
});

describe('every answer', () => {
  it.each([
    '/health/live',
    '/api/v1/runs',
    '/api/v1/nothing',
    '/api/v1/runs/%E0%A4%A/x',
    '/api/v1/runs/meadow-1/run-1/crops/0001',
  ])('of %s is marked as no page and names no software', async (path) => {
    const { headers } = await raw(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});
