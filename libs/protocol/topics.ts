import type { z } from 'zod';
import * as run from './payloads/run-payloads.js';
import * as service from './payloads/service-payloads.js';
import * as trap from './payloads/trap-payloads.js';

const KB = 1024;

type Direction = 'trap-to-service' | 'service-to-trap' | 'service-to-all';

interface TopicEntry {
  /** Levels in braces are ids. */
  readonly template: string;
  readonly direction: Direction;
  readonly retained: boolean;
  readonly maxBytes: number;
  /** Undefined where the payload is the bytes of an image. */
  readonly payload: z.ZodType | undefined;
  readonly summary: string;
}

/**
 * The contract: every topic, who publishes on it, what it carries and how large it may be. All else in this
 * library (parsing, building, filters, access rules, schemas, AsyncAPI) follows from this table.
 */
export const TOPICS = {
  status: {
    template: 'traps/v1/{trapId}/status',
    direction: 'trap-to-service',
    retained: true,
    maxBytes: KB,
    payload: trap.status,
    summary: 'Whether the trap is online; also its last will',
  },
  info: {
    template: 'traps/v1/{trapId}/info',
    direction: 'trap-to-service',
    retained: true,
    maxBytes: 4 * KB,
    payload: trap.info,
    summary: 'What the trap is and where it stands',
  },
  telemetry: {
    template: 'traps/v1/{trapId}/telemetry',
    direction: 'trap-to-service',
    retained: false,
    maxBytes: 2 * KB,
    payload: trap.telemetry,
    summary: 'Battery, temperature, free disk',
  },
  session: {
    template: 'traps/v1/{trapId}/sessions/{sessionId}',
    direction: 'trap-to-service',
    retained: false,
    maxBytes: 16 * KB,
    payload: trap.session,
    summary: 'A recording period, at its start and again at its end',
  },
  meta: {
    template: 'traps/v1/{trapId}/runs/{runId}/meta',
    direction: 'trap-to-service',
    retained: false,
    maxBytes: 16 * KB,
    payload: run.meta,
    summary: 'What is known of a tracking run',
  },
  crop: {
    template: 'traps/v1/{trapId}/runs/{runId}/crops/{cropId}',
    direction: 'trap-to-service',
    retained: false,
    maxBytes: KB * KB,
    payload: undefined,
    summary: 'One JPEG (or PNG, or WebP), as raw bytes',
  },
  end: {
    template: 'traps/v1/{trapId}/runs/{runId}/end',
    direction: 'trap-to-service',
    retained: false,
    maxBytes: 256 * KB,
    payload: run.end,
    summary: 'The run is over: how many crops it has, and which',
  },
  receipt: {
    template: 'traps/v1/{trapId}/runs/{runId}/receipt',
    direction: 'service-to-trap',
    retained: false,
    maxBytes: 16 * KB,
    payload: run.receipt,
    summary: 'Answer to an end: what is stored, what is missing, what was refused',
  },
  result: {
    template: 'traps/v1/{trapId}/runs/{runId}/result',
    direction: 'service-to-all',
    retained: false,
    maxBytes: 64 * KB,
    payload: run.result,
    summary: 'The observation of a run',
  },
  last: {
    template: 'traps/v1/{trapId}/last',
    direction: 'service-to-all',
    retained: true,
    maxBytes: 8 * KB,
    payload: run.result,
    summary: 'The newest result of the trap',
  },
  today: {
    template: 'traps/v1/{trapId}/today',
    direction: 'service-to-all',
    retained: true,
    maxBytes: KB,
    payload: service.today,
    summary: 'Insect visits of the day so far',
  },
  problem: {
    template: 'traps/v1/{trapId}/problem',
    direction: 'service-to-trap',
    retained: false,
    maxBytes: KB,
    payload: service.problem,
    summary: 'A message of this trap was set aside, and why',
  },
  config: {
    template: 'traps/v1/{trapId}/config',
    direction: 'service-to-trap',
    retained: true,
    maxBytes: 16 * KB,
    payload: service.config,
    summary: 'Settings for the trap',
  },
  configApplied: {
    template: 'traps/v1/{trapId}/config/applied',
    direction: 'trap-to-service',
    retained: true,
    maxBytes: 16 * KB,
    payload: service.configApplied,
    summary: 'Which settings the trap has taken over',
  },
  command: {
    template: 'traps/v1/{trapId}/command/{commandId}',
    direction: 'service-to-trap',
    retained: false,
    maxBytes: 4 * KB,
    payload: service.command,
    summary: 'Something for the trap to do',
  },
  commandAnswer: {
    template: 'traps/v1/{trapId}/command/{commandId}/answer',
    direction: 'trap-to-service',
    retained: false,
    maxBytes: 4 * KB,
    payload: service.commandAnswer,
    summary: 'What became of a command',
  },
  alert: {
    template: 'alerts/v1/{alertKind}',
    direction: 'service-to-all',
    retained: false,
    maxBytes: 64 * KB,
    payload: service.alert,
    summary: 'An episode or a first sighting was opened, updated, closed or withdrawn',
  },
} as const satisfies Record<string, TopicEntry>;

export type Kind = keyof typeof TOPICS;

export const KINDS = Object.keys(TOPICS) as Kind[];

/** What traps publish. */
export type TrapMessageKind = {
  [K in Kind]: (typeof TOPICS)[K]['direction'] extends 'trap-to-service' ? K : never;
}[Kind];

/** The same table for code that goes through all kinds alike. */
export function topicEntry(kind: Kind): TopicEntry {
  return TOPICS[kind];
}

/** What a message of this kind carries; never for crops, which are bytes. */
export type Payload<K extends Kind> = (typeof TOPICS)[K]['payload'] extends z.ZodType<infer T> ? T : never;

type Levels<T extends string> = T extends `${infer Head}/${infer Tail}` ? Head | Levels<Tail> : T;
type IdNames<T extends string> =
  Levels<T> extends infer L ? (L extends `{${infer Name}}` ? Name : never) : never;

/** The ids in the topics of this kind, such as `{ trapId, runId, cropId }`. */
export type TopicIds<K extends Kind> = { readonly [Name in IdNames<(typeof TOPICS)[K]['template']>]: string };
