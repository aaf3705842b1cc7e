import { afterEach, describe, expect, it } from '@jest/globals';
import { bodyOf, openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';

let api: SmallApi;
afterEach(() => api.close());

async function open(trustedProxies: readonly string[] = []): Promise<void> {
  api = await openSmallApi({
    env: { TRAPLINE_REQUESTS_PER_MIN: '5', TRAPLINE_TRUSTED_PROXIES: trustedProxies.join() },
  });
}
type Ask = Parameters<SmallApi['get']>[1];

/** How many of eight requests are answered before the first 429. */
async function taken(path: string, ask: Ask = {}): Promise<number> {
  for (let i = 0; i < 8; i += 1) if ((await api.get(path, ask)).status === 429) return i;
  return Number.POSITIVE_INFINITY;
}

describe('the limit of requests', () => {
  it('is told with every answer, and with the refusal how long to wait', async () => {
    await open();
    const first = await api.get('/api/v1/runs');
    expect([first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual([
      '5',
      '4',
    ]);
    expect(Number(first.headers.get('ratelimit-reset'))).toBeLessThanOrEqual(60);
    expect(await taken('/api/v1/runs')).toBe(4);
    const refused = await api.get('/api/v1/runs');
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await bodyOf(refused)).type).toBe('urn:trapline:problem:too-many-requests');
  });

  it('is one for each key, and one for all of an address that have none', async () => {
    await open();
    expect(await taken('/api/v1/runs', { as: 'viewer' })).toBe(5);
    expect(await taken('/api/v1/runs', { as: 'editor' })).toBe(5);
    expect((await api.get('/api/v1/runs', { as: 'none' })).status).toBe(401);
    expect((await api.get('/api/v1/runs', { as: 'wrong' })).status).toBe(401);
    expect(await taken('/api/v1/protocol/asyncapi.json', { as: 'none' })).toBe(3);
    expect((await api.get('/api/v1/runs', { as: 'wrong' })).status).toBe(429);
    expect(await taken('/api/v1/traps', { as: 'admin' })).toBe(5);
  });

  it('does not hold for those who watch the service', async () => {
    await open();
    expect(await taken('/health/live', { as: 'none' })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('what a proxy says of the client', () => {
  const from = (address: string): Ask => ({ as: 'none', headers: { 'x-forwarded-for': address } });

  it('counts for nothing as a rule', async () => {
    await open();
    await taken('/api/v1/protocol/asyncapi.json', from('203.0.113.1'));
    expect((await api.get('/api/v1/protocol/asyncapi.json', from('203.0.113.2'))).status).toBe(429);
  });

  it('counts where the proxy is trusted, and only what that proxy itself has added', async () => {
    await open(['loopback']);
    expect(await taken('/api/v1/protocol/asyncapi.json', from('203.0.113.1'))).toBe(5);
    expect(await taken('/api/v1/protocol/asyncapi.json', from('203.0.113.2'))).toBe(5);
    expect(await taken('/api/v1/protocol/asyncapi.json', from('203.0.113.99, 203.0.113.2'))).toBe(0);
  });
});

describe('logins', () => {
  it('are slowed down per address, whatever the header of a proxy says that nobody trusts', async () => {
    api = await openSmallApi();
    const statuses = [];
    for (let i = 0; i < 21; i += 1) {
      const response = await api.get('/api/v1/auth/login', {
        as: 'none',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${i}` },
        body: JSON.stringify({ name: `name-${i}`, password: 'a wrong password' }),
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([...Array(20).fill(401), 429]);
  });
});
