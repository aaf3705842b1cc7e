import type { Payload } from './topics.js';

export type StatusPayload = Payload<'status'>;
export type InfoPayload = Payload<'info'>;
export type TodayPayload = Payload<'today'>;
export type TelemetryPayload = Payload<'telemetry'>;
export type SessionPayload = Payload<'session'>;
export type MetaPayload = Payload<'meta'>;
export type EndPayload = Payload<'end'>;
export type ReceiptPayload = Payload<'receipt'>;
/** Of `last` too. */
export type ResultPayload = Payload<'result'>;
export type ProblemPayload = Payload<'problem'>;
export type ConfigPayload = Payload<'config'>;
export type ConfigAppliedPayload = Payload<'configApplied'>;
export type CommandPayload = Payload<'command'>;
export type CommandAnswerPayload = Payload<'commandAnswer'>;
export type AlertPayload = Payload<'alert'>;
