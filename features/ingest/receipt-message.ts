import { parseTopic } from '../../libs/protocol/index.js';
import type { RunWithCrops } from './picture-check.js';

/** The run that a receipt calls complete, and how many crops it has; undefined for any other message. */
export function completeReceiptOf(topic: string, payload: string): RunWithCrops | undefined {
  if (!topic.endsWith('/receipt')) return undefined;
  const { kind, trapId, runId } = parseTopic(topic);
  const { state, have } = JSON.parse(payload);
  if (kind !== 'receipt' || !trapId || !runId || state !== 'complete') return undefined;
  return { trapId, runId, crops: have };
}
