import type { Payload } from '../topics.js';

export type StatusPayload = Payload<'status'>;
export type InfoPayload = Payload<'info'>;
export type TelemetryPayload = Payload<'telemetry'>;
export type SessionPayload = Payload<'session'>;
export type MetaPayload = Payload<'meta'>;
export type EndPayload = Payload<'end'>;
export type ReceiptPayload = Payload<'receipt'>;
export type CommandAnswerPayload = Payload<'commandAnswer'>;
