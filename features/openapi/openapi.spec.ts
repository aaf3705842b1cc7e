import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { documentPath } from './document.js';

// biome-ignore lint/suspicious/noExplicitAny: a document is what it is
type Json = any;

let api: SmallApi;
let document: Json;
let operations: readonly (readonly [name: string, operation: Json])[];
beforeAll(async () => {
  api = await openSmallApi();
  document = await api.json('/api/openapi.json', { as: 'none' });
  operations = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});
afterAll(() => api.close());

/** What Express answers, whoever put it there. */
function servedRoutes(): string[] {
  const { stack } = (api.app.getHttpAdapter().getInstance() as Json).router;
  return stack.flatMap(({ route }: Json) =>
    route ? Object.keys(route.methods).map((method) => `${method} ${documentPath(route.path)}`) : [],
  );
}

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect([valid, errors]).toEqual([true, undefined]);
    expect(document.openapi).toBe('3.1.0');
  });

  it('has every route of the running application, and no other', () => {
    const served = new Set(servedRoutes());
    expect(served.size).toBeGreaterThan(30);
    expect(new Set(operations.map(([name]) => name))).toEqual(served);
  });

  it('says of every route what it is for, under a name of its own', () => {
    const tags = document.tags.map(({ name }: Json) => name);
    for (const [name, { summary, tags: own, operationId }] of operations)
      expect([
        name,
        summary?.length > 3,
        own.every((tag: string) => tags.includes(tag)),
        !!operationId,
      ]).toEqual([name, true, true, true]);
    expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(operations.length);
  });

  it('says of every route whose requests are counted that there may be too many', () => {
    const uncounted = operations.filter(([, { responses }]) => !responses[429]).map(([name]) => name);
    expect(uncounted).toEqual(['get /api/v1/auth/proxy', 'get /health/live', 'get /health/ready']);
  });

  it('names every parameter of a path once, and each with a schema', () => {
    for (const [name, { parameters = [] }] of operations) {
      const places = parameters.map((each: Json) => `${each.in} ${each.name}`);
      expect([name, new Set(places).size]).toEqual([name, places.length]);
      const inPath = parameters.filter((each: Json) => each.in === 'path').map((each: Json) => each.name);
      expect([name, inPath.sort()]).toEqual([
        name,
        [...name.matchAll(/\{(\w+)\}/g)].map(([, own]) => own).sort(),
      ]);
      for (const { schema, name: parameter } of parameters)
        expect([name, parameter, Object.keys(schema).length > 0]).toEqual([name, parameter, true]);
    }
  });

  it('has an example of every JSON that is sent or answered, and each fits its schema', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ ...document, $id: 'doc' });
    const fits = (schema: Json, example: unknown) => {
      if (!schema) return 'no schema';
      const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/'));
      const validate = ajv.compile(inDocument);
      return validate(example) ? 'fits' : ajv.errorsText(validate.errors);
    };
    const faults: string[] = [];
    for (const [name, { content }] of Object.entries<Json>(document.components.responses)) {
      const { schema, example } = content['application/problem+json'];
      if (fits(schema, example) !== 'fits') faults.push(name);
    }
    for (const [name, { responses, requestBody, parameters = [] }] of operations) {
      const bodies = [requestBody, ...Object.values<Json>(responses)].filter((each) => each && !each.$ref);
      for (const { content = {} } of bodies)
        for (const [type, { schema, example }] of Object.entries<Json>(content)) {
          if (!/^application\/(.+\+)?json$/.test(type)) continue;
          const found = example === undefined ? 'no example' : fits(schema, example);
          if (found !== 'fits') faults.push(`${name}: ${found}`);
        }
      for (const { name: parameter, schema, example } of parameters) {
        const found = example === undefined ? 'fits' : fits(schema, example);
        if (found !== 'fits') faults.push(`${name}: ${parameter} ${found}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('has an example of what every file begins with, but for pictures and archives', () => {
    for (const [name, { responses }] of operations)
      for (const { content = {} } of Object.values<Json>(responses))
        for (const [type, { example }] of Object.entries<Json>(content))
          if (/csv|ndjson|plain/.test(type)) expect([name, typeof example]).toEqual([name, 'string']);
  });

  it('says who may do what, as the application does', () => {
    const security = (name: string) => operations.find(([own]) => own === name)?.[1].security;
    expect(security('get /api/v1/runs')).toEqual([{ bearer: ['viewer'] }]);
    expect(security('get /api/v1/dead-letters')).toEqual([{ bearer: ['editor'] }]);
    expect(security('get /health/live')).toEqual([]);
    // What is open to everyone asks for no key; a login that fails is something else.
    const keyless = operations.filter(([, { responses }]) => !('401' in responses)).map(([name]) => name);
    const open = operations.filter(([, own]) => own.security.length === 0).map(([name]) => name);
    // Who logs in needs no key, and is refused all the same where the password is wrong.
    const logsIn = /^post \/api\/v1\/(auth\/login|session|session\/link)$/;
    expect(open.filter((name) => !logsIn.test(name)).sort()).toEqual(keyless.sort());
  });

  it('takes the parameters of a list from the schemas that validate them', () => {
    const [, { parameters }] = operations.find(([name]) => name === 'get /api/v1/runs') as [string, Json];
    const limit = parameters.find(({ name }: Json) => name === 'limit');
    expect(limit).toMatchObject({
      in: 'query',
      schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
    });
    expect(parameters.map(({ name }: Json) => name)).toEqual(
      expect.arrayContaining([
        'trap',
        'from',
        'to',
        'label',
        'taxon',
        'group',
        'minProbability',
        'unsure',
        'reviewed',
      ]),
    );
  });
});

describe('the page', () => {
  it('needs nothing from anybody else, and lets nothing in', async () => {
    for (const path of ['/api/docs', '/api/docs/']) {
      const answer = await api.get(path, { as: 'none' });
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).not.toMatch(/https?:|\*/);
      const page = await answer.text();
      expect(page).not.toMatch(/https?:\/\/|<script>/);
      const files = [...page.matchAll(/(?:href|src|data-document)="([^"]+)"/g)].map(
        ([, file]) => file as string,
      );
      expect(files.length).toBeGreaterThan(3);
      for (const file of files) {
        const { status } = await api.get(new URL(file, api.url + path).pathname, { as: 'none' });
        expect([path, file, status]).toEqual([path, file, 200]);
      }
    }
  });

  it('hands out no other file', async () => {
    for (const file of ['package.json', '..%2fpackage.json', '%2e%2e/package.json', 'index.html'])
      expect([file, (await api.get(`/api/docs/${file}`, { as: 'none' })).ok]).toEqual([file, false]);
  });
});
