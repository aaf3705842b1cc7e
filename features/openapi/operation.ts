import { STATUS_CODES } from 'node:http';
import type { Role } from '../accounts/index.js';
import type {
  Answer,
  AuthScheme,
  Body,
  Documentation,
  JsonSchema,
  JsonSchemas,
  Route,
} from '../http/index.js';
import { problemName } from './problem-answers.js';

const TEXT: JsonSchema = { type: 'string' };

/** The least role that a route needs, and how a key can be sent; no role where it is open to everyone. */
export interface Access {
  readonly role?: Role;
  readonly ways: readonly AuthScheme[];
  /** Whether its requests are counted, so that there may be too many. */
  readonly isCounted: boolean;
  /** Whether query parameters that it does not declare are an error. */
  readonly rejectsUnknown: boolean;
}

/** One operation of the document, with the statuses of the problems that it names. */
export function operationOf(
  route: Route,
  documentation: Documentation,
  { role, ways, isCounted, rejectsUnknown }: Access,
  schemas: JsonSchemas,
) {
  const { tag, summary, description, answers, headers = {} } = documentation;
  const parameters = [
    ...pathParameters(route, schemas),
    ...parametersIn('query', route, schemas),
    ...Object.entries(headers).map(([name, header]) => ({ name, in: 'header', schema: TEXT, ...header })),
  ];
  const bodies = bodiesOf(route, documentation);
  const problems = problemsOf(route, documentation, role, bodies.length > 0, { isCounted, rejectsUnknown });
  const operation = {
    operationId: operationId(route),
    tags: [tag],
    summary,
    ...descriptionOf(description, role),
    ...(parameters.length && { parameters }),
    ...(bodies.length && { requestBody: requestBody(bodies, schemas) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          answerOf(Number(status), answer, schemas),
        ]),
      ),
      ...Object.fromEntries(
        problems.map((status) => [status, { $ref: `#/components/responses/${problemName(status)}` }]),
      ),
    },
    security: ways.map((way) => ({ [way]: role && way !== 'signature' ? [role] : [] })),
  };
  return { operation, problems };
}

function descriptionOf(description: string | undefined, role: Role | undefined) {
  const text = [description, role && `Needs the role \`${role}\` or higher.`].filter(Boolean).join('\n\n');
  return text ? { description: text } : {};
}

const operationId = ({ controller, handler }: Route): string =>
  `${controller.name.replace(/Controller$/, '').replace(/^./, (first) => first.toLowerCase())}_${handler.name}`;

function pathParameters(route: Route, schemas: JsonSchemas) {
  const described = new Map(parametersIn('path', route, schemas).map((each) => [each.name, each]));
  return [...route.path.matchAll(/[:*](\w+)/g)].map(([, name = '']) => ({
    ...(described.get(name) ?? { name, in: 'path', schema: TEXT }),
    required: true,
  }));
}

function parametersIn(place: 'query' | 'path', route: Route, schemas: JsonSchemas) {
  const schema = route.schemas[place];
  if (!schema) return [];
  const object = schemas.of(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(object.properties ?? {}).map(([name, property]) => {
    const { description, examples, ...rest } = property as JsonSchema & { examples?: unknown[] };
    return {
      name,
      in: place,
      ...(object.required?.includes(name) && { required: true }),
      ...(description !== undefined && { description }),
      schema: rest,
      ...(examples?.length && { example: examples[0] }),
    };
  });
}

function bodiesOf(route: Route, { body }: Documentation): Body[] {
  const described = body ? ([body].flat() as Body[]) : [];
  const { body: schema } = route.schemas;
  if (!schema) return described;
  return described.length ? described.map((each) => ({ schema, ...each })) : [{ schema }];
}

function requestBody(bodies: readonly Body[], schemas: JsonSchemas) {
  const description = bodies.map((body) => body.description).find(Boolean);
  return {
    required: true,
    ...(description !== undefined && { description }),
    content: Object.fromEntries(
      bodies.map(({ mediaType = 'application/json', schema, example }) => [
        mediaType,
        {
          ...(schema && { schema: schemas.of(schema, 'input') }),
          ...(example !== undefined && { example }),
        },
      ]),
    ),
  };
}

function answerOf(status: number, answer: Answer, schemas: JsonSchemas) {
  const { mediaTypes, schema, example, headers, description } = answer;
  const media = {
    ...(schema && { schema: schemas.of(schema, 'output') }),
    ...(example !== undefined && { example }),
  };
  return {
    description: description || STATUS_CODES[status],
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, says]) => [name, { description: says, schema: TEXT }]),
      ),
    }),
    ...(mediaTypes.length && { content: Object.fromEntries(mediaTypes.map((type) => [type, media])) }),
  };
}

/** What can go wrong follows from what a route takes. */
function problemsOf(
  { path, schemas }: Route,
  { answers, problems = [] }: Documentation,
  role: Role | undefined,
  hasBody: boolean,
  { isCounted, rejectsUnknown }: Pick<Access, 'isCounted' | 'rejectsUnknown'>,
): number[] {
  const follow = [
    ...(rejectsUnknown || schemas.query || schemas.path || hasBody ? [400] : []),
    ...(role ? [401, 403] : []),
    ...(/[:*]/.test(path) ? [404] : []),
    // A run can be deleted for good, and every route to it or to its crops says so afterwards.
    ...(/:runId\b/.test(path) ? [410] : []),
    ...(hasBody ? [413, 415] : []),
    ...(isCounted ? [429] : []),
    500,
    ...(role ? [503] : []),
  ];
  return [...new Set([...follow, ...problems])].filter((status) => !(status in answers)).sort();
}
