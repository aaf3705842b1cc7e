import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Asking, callersOf, verdictOn } from '../../../test/fixtures/access-callers.js';
import { type Line, PARAMETERS, ROUTES } from '../../../test/fixtures/access-matrix.js';
import { fillMeadow } from '../../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';

let api: SmallApi;
let callers: readonly Asking[];
let letterId: string;
beforeAll(async () => {
  api = await openSmallApi({ env: { TRAPLINE_LEGACY_TRAP: 'meadow-1' } });
  await fillMeadow(api.catalog, api.dataDir);
  letterId = (await api.json('/api/v1/dead-letters', { as: 'admin' })).items[0].id;
  callers = await callersOf(api);
});
afterAll(() => api.close());

interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method: string }[] };
}

/** HEAD is answered by what answers GET: a few callers show that the guard stands there, too. */
const ASK_HEAD = ['no key', 'a signed link', 'another trap', 'a viewer’s key', 'a viewer’s cookie'];

/** What Express really answers, whoever registered it. */
function registered({ app }: SmallApi): string[] {
  const layers: readonly Layer[] = app.getHttpAdapter().getInstance().router.stack;
  const routes = layers.flatMap(({ route }) =>
    route ? route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`) : [],
  );
  return [...new Set(routes)];
}

describe('every route', () => {
  it('has a line that says who may use it', () => {
    expect(registered(api).sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(Object.entries(ROUTES))('lets in whom it should: %s', async (route, line) => {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replace(/[:*](\w+)/g, (_, name: string) => parameterOf(name, line));
    const answered: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const caller of callers) {
      // What is open to everyone knows nothing of links, and says so.
      if (line.who === 'everyone' && /link$/.test(caller.is)) continue;
      // What logs in and out has a test of its own for foreign pages.
      if (line.who === 'own page' && /link$|^cross-site/.test(caller.is)) continue;
      const verdict = verdictOn(caller.is, line.who, line.more, route);
      for (const each of method === 'GET' && ASK_HEAD.includes(caller.name) ? ['GET', 'HEAD'] : [method]) {
        const status = await ask(each, path, line, caller);
        const what = `${each} with ${caller.name}`;
        expected[what] = verdict === 'in' ? `in: ${line.statuses.join(' or ')}` : verdict;
        answered[what] = verdict === 'in' && line.statuses.includes(status) ? expected[what] : status;
      }
    }
    expect(answered).toEqual(expected);
  });
});

async function ask(method: string, path: string, { more }: Line, caller: Asking): Promise<number> {
  const { headers, query } = await caller.send(path);
  const search = [more.query, query].filter(Boolean).join('&');
  const { body } = more;
  const response = await fetch(`${api.url}${path}${search && `?${search}`}`, {
    method,
    headers: {
      ...more.headers,
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // A stream of events has no end.
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) await response.body?.cancel();
  else await response.arrayBuffer();
  return response.status;
}

const parameterOf = (name: string, { more }: Line): string =>
  more.parameters?.[name] ?? (name === 'id' ? letterId : PARAMETERS[name]) ?? `no-value-for-${name}`;
