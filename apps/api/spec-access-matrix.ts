/**
 * Who may use which route: one line for each, as its controller writes it. A test fails where a route has no line here,
 * where a line has no route, and where a caller is answered otherwise than the line says.
 *
 * To add a route: `'METHOD /path/:as/:written': letsIn(who, status, more)`, where
 * - `who` is the least that a caller must be,
 * - `status` is what those are answered who are let in (several, where that differs among them),
 * - `more` is what the request needs beside the ids of `PARAMETERS`; a request that changes something should be one that
 *   fails behind the guard (400, 404), since it is sent by each caller in turn.
 */
export const ROUTES: Readonly<Record<string, Line>> = {
  'GET /health/live': letsIn('everyone', 200),
  'GET /health/ready': letsIn('everyone', 200),
  'GET /metrics': letsIn('viewer', 200),
  'GET /api/openapi.json': letsIn('everyone', 200),
  'GET /api/docs': letsIn('everyone', 200),
  'GET /api/docs/start.js': letsIn('everyone', 200),
  'GET /api/docs/:file': letsIn('everyone', 200, { parameters: { file: 'swagger-ui.css' } }),
  'GET /api/v1/protocol/asyncapi.json': letsIn('everyone', 200),
  'GET /api/v1/protocol/schemas/:name.json': letsIn('everyone', 200, { parameters: { name: 'meta' } }),

  'POST /api/v1/auth/login': letsIn('everyone', 400, { body: {} }),
  'GET /api/v1/auth/me': letsIn('anyone known', 200),
  'POST /api/v1/auth/logout': letsIn('anyone known', [204, 409]),
  'POST /api/v1/auth/password': letsIn('anyone known', 400, { body: {} }),
  'GET /api/v1/keys': letsIn('admin', 200),
  'POST /api/v1/keys': letsIn('admin', 400, { body: {} }),
  'DELETE /api/v1/keys/:name': letsIn('admin', 404),
  'GET /api/v1/users': letsIn('admin', 200),
  'POST /api/v1/users': letsIn('admin', 400, { body: {} }),
  'PATCH /api/v1/users/:name': letsIn('admin', 404, { body: {} }),
  'DELETE /api/v1/users/:name': letsIn('admin', 404),
  'POST /api/v1/traps/:trapId/credentials': letsIn('admin', 201, { parameters: { trapId: 'another' } }),
  'DELETE /api/v1/traps/:trapId/credentials': letsIn('admin', 404, { parameters: { trapId: 'nothing' } }),
  'POST /api/v1/signed-urls': letsIn('viewer', 400, { body: {} }),

  'GET /api/v1/activity': letsIn('viewer', 200),
  'GET /api/v1/activity/episodes': letsIn('viewer', 200),
  'GET /api/v1/activity/first-sightings': letsIn('viewer', 200),

  'GET /api/v1/runs': letsIn('viewer', 200),
  'GET /api/v1/runs/:trapId/:runId': letsIn('viewer', 200),
  'GET /api/v1/runs/:trapId/:runId/crops/:cropId': letsIn('viewer', 200, { opensTo: 'link' }),
  'GET /api/v1/runs/:trapId/:runId/crops/:cropId/thumbnail': letsIn('viewer', 422, { opensTo: 'link' }),
  'DELETE /api/v1/runs/:trapId/:runId': letsIn('admin', 400),
  'DELETE /api/v1/runs/:trapId/:runId/crops/:cropId': letsIn('admin', 400),
  'GET /api/v1/deletions': letsIn('admin', 200),
  'POST /api/v1/runs/:trapId/:runId/review': letsIn('editor', 400, { body: {} }),
  'DELETE /api/v1/runs/:trapId/:runId/review': letsIn('editor', 409),
  'GET /api/v1/runs/:trapId/:runId/time': letsIn('viewer', 200),
  'PUT /api/v1/runs/:trapId/:runId/time': letsIn('editor', 400, { body: {} }),
  'DELETE /api/v1/runs/:trapId/:runId/time': letsIn('editor', 200),
  'GET /api/v1/sessions/:trapId/:sessionId/time': letsIn('viewer', 404, {
    parameters: { sessionId: 'nothing' },
  }),
  'PUT /api/v1/sessions/:trapId/:sessionId/time': letsIn('editor', 400, {
    body: {},
    parameters: { sessionId: 'nothing' },
  }),
  'DELETE /api/v1/sessions/:trapId/:sessionId/time': letsIn('editor', 404, {
    parameters: { sessionId: 'nothing' },
  }),
  'GET /api/v1/stats/agreement': letsIn('viewer', 200),
  'GET /api/v1/stats/agreement.csv': letsIn('viewer', 200),
  'GET /api/v1/stats/counts.csv': letsIn('viewer', 200),
  'GET /api/v1/downloads/reviews.csv': letsIn('viewer', 200),
  'GET /api/v1/stats/counts': letsIn('viewer', 200, { query: 'by=label' }),
  'GET /api/v1/traps': letsIn('viewer', 200),
  'GET /api/v1/traps/:trapId': letsIn('viewer', 200),
  'PUT /api/v1/traps/:trapId': letsIn('editor', 400, { body: { nonsense: 1 } }),
  'GET /api/v1/traps/:trapId/deployments/:deploymentId': letsIn('viewer', 404),
  'PUT /api/v1/traps/:trapId/deployments/:deploymentId': letsIn('editor', 400, { body: {} }),
  'DELETE /api/v1/traps/:trapId/deployments/:deploymentId': letsIn('editor', 404),
  'GET /api/v1/sessions': letsIn('viewer', 200),
  'GET /api/v1/models': letsIn('viewer', 200),
  'GET /api/v1/models/:name': letsIn('viewer', 404),
  'GET /api/v1/labels': letsIn('viewer', 200),
  // No classifier is in the process of this test.
  'POST /api/v1/predict': letsIn('viewer', [501, 503]),
  'GET /api/v1/dead-letters': letsIn('editor', 200),
  'GET /api/v1/dead-letters/:id': letsIn('editor', 200),
  'GET /api/v1/dead-letters/:id/bytes': letsIn('editor', 200),
  'POST /api/v1/dead-letters/:id/retry': letsIn('admin', 501),
  'DELETE /api/v1/dead-letters/:id': letsIn('admin', 404, { parameters: { id: 'nothing' } }),

  'GET /api/v1/downloads/runs.csv': letsIn('viewer', 200),
  'GET /api/v1/downloads/runs.ndjson': letsIn('viewer', 200),
  'GET /api/v1/downloads/crops.csv': letsIn('viewer', 200),
  'GET /api/v1/downloads/images.zip': letsIn('viewer', 200),
  'GET /api/v1/downloads/camtrap-dp.zip': letsIn('viewer', 200),
  'GET /api/v1/downloads/dwca.zip': letsIn('viewer', 200),
  'GET /api/v1/downloads/top1-final.csv': letsIn('viewer', 200),
  'GET /api/v1/runs/:trapId/:runId/images.zip': letsIn('viewer', 200),

  // The process of this test takes no messages: whoever may send is told so.
  'PUT /api/v1/traps/:trapId/runs/:runId': letsIn('own trap', 501),
  'PUT /api/v1/traps/:trapId/runs/:runId/end': letsIn('own trap', 501),
  'GET /api/v1/traps/:trapId/runs/:runId/receipt': letsIn('own trap or viewer', 404),
  'PUT /api/v1/traps/:trapId/runs/:runId/crops/:cropId': letsIn('own trap', 501),
  'PUT /api/v1/traps/:trapId/sessions/:sessionId': letsIn('own trap', 501),
  'PUT /api/v1/traps/:trapId/info': letsIn('own trap', 501),
  'POST /api/v1/traps/:trapId/telemetry': letsIn('own trap', 501),

  'POST /classify/:tracking_id': letsIn('a trap', 501, { opensTo: 'access_token' }),
  'GET /data/classification': letsIn('viewer', 200, { opensTo: 'access_token' }),
  'GET /data/all': letsIn('viewer', 200, { opensTo: 'access_token' }),
  'GET /data/most_recent': letsIn('viewer', 200, { opensTo: 'access_token' }),
  'GET /data/most_recent_insect': letsIn('viewer', 200, { opensTo: 'access_token' }),
  'GET /data/most_recent_insects': letsIn('viewer', 200, { opensTo: 'access_token' }),
  'GET /data/most_recent/images': letsIn('viewer', 200, { opensTo: 'access_token' }),
  'GET /data/tracking_runs': letsIn('viewer', 200, { opensTo: 'access_token' }),
  'GET /data/:date/:tracking_run': letsIn('viewer', 404, { opensTo: 'access_token' }),
};

/** The things of `fillMeadow`; `id` is that of its dead letter, looked up. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  trapId: 'meadow-1',
  runId: 'run-1',
  cropId: '0001',
  sessionId: 'day-1',
  deploymentId: 'nowhere',
  tracking_id: '7',
  date: '2026-06-01',
  tracking_run: 'ID7-12-00-07',
  name: 'nobody',
};

/** The least that a caller must be. `own trap`: the trap of the path, and admins; `a trap`: any, for itself, and admins. */
export type Who =
  | 'everyone'
  | 'anyone known'
  | 'own trap'
  | 'own trap or viewer'
  | 'a trap'
  | 'viewer'
  | 'editor'
  | 'admin';

export interface Line {
  readonly who: Who;
  readonly statuses: readonly number[];
  readonly more: More;
}

interface More {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Such as `by=label`. */
  readonly query?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What opens the route beside a key in `Authorization`. */
  readonly opensTo?: 'link' | 'access_token';
}

function letsIn(who: Who, status: number | readonly number[], more: More = {}): Line {
  return { who, statuses: [status].flat() as number[], more };
}
