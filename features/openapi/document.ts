import type { Reflector } from '@nestjs/core';
import { AllowLegacyToken, MinRole, OpenToSignature, Public, Unlimited } from '../accounts/index.js';
import {
  AllowUnknownParameters,
  ApiDoc,
  type AuthScheme,
  JsonSchemas,
  type Route,
  TAGS,
} from '../http/index.js';
import { type Access, operationOf } from './operation.js';
import { PROBLEM, problemAnswers } from './problem-answers.js';

interface About {
  readonly version: string;
  /** Where clients find the API; relative to the document where nothing is said. */
  readonly url?: string | undefined;
}

const INTRODUCTION = `Insect camera traps: runs, pictures, counts.

Times are ISO 8601 in UTC. Lists hold \`items\`, newest first, and \`next\` where there is more: ask for \`?after=<next>\`
with the same filters. Errors are problem details (RFC 9457). A parameter that a route does not know is an error.`;

const KEYS = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API key (`npm run trapline -- key create --role viewer --name office`), or the token of a login',
  },
  accessToken: {
    type: 'apiKey',
    in: 'header',
    name: 'access_token',
    description: 'The same key, as clients of waskrabbeltda send it',
  },
  signature: {
    type: 'apiKey',
    in: 'query',
    name: 'signature',
    description: 'A signed URL (`expires`, `signature`), for pictures that a browser loads by itself',
  },
};

/** The OpenAPI 3.1 document of these routes: what validates them is what describes them. */
export function openApiDocument(routes: readonly Route[], reflector: Reflector, about: About) {
  const schemas = new JsonSchemas();
  const paths: Record<string, Record<string, unknown>> = {};
  const statuses = new Set<number>();
  const ways = new Set<string>();
  for (const route of routes) {
    const documentation = reflector.get(ApiDoc, route.handler);
    if (!documentation) continue;
    const access = accessTo(route, reflector);
    const { operation, problems } = operationOf(route, documentation, access, schemas);
    for (const status of problems) statuses.add(status);
    for (const way of access.ways) ways.add(way);
    const path = documentPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operation };
  }
  const problem = schemas.of(PROBLEM, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Trapline',
      version: about.version,
      description: INTRODUCTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      ...(about.url ? [{ url: about.url }] : []),
      { url: '/', description: 'Where this document is' },
    ],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: Object.fromEntries(Object.entries(KEYS).filter(([way]) => ways.has(way))),
      responses: problemAnswers(statuses, problem),
      schemas: schemas.named,
    },
  };
}

/** Who may use a route, as its own decorators say. */
function accessTo({ handler, controller }: Route, reflector: Reflector): Access {
  const targets = [handler, controller];
  const rejectsUnknown = !reflector.getAllAndOverride(AllowUnknownParameters, targets);
  const isCounted = !reflector.getAllAndOverride(Unlimited, targets);
  if (reflector.getAllAndOverride(Public, targets)) return { ways: [], isCounted, rejectsUnknown };
  const ways: AuthScheme[] = ['bearer'];
  if (reflector.getAllAndOverride(AllowLegacyToken, targets)) ways.push('accessToken');
  if (reflector.getAllAndOverride(OpenToSignature, targets)) ways.push('signature');
  return { role: reflector.getAllAndOverride(MinRole, targets) ?? 'viewer', ways, isCounted, rejectsUnknown };
}

/** `/runs/:trapId` as OpenAPI writes it. */
export const documentPath = (path: string): string => path.replace(/[:*](\w+)/g, '{$1}');
