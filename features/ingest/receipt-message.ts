import type { RunId } from '../../libs/domain/index.js';
import { parseTopic } from '../../libs/protocol/index.js';

/** The run that a message says is complete, where it is such a receipt. */
export function completeReceiptOf(topic: string, payload: string): RunId | undefined {
  if (!topic.endsWith('/receipt')) return undefined;
  const parsed = parseTopic(topic);
  if (parsed.kind !== 'receipt' || JSON.parse(payload).state !== 'complete') return undefined;
  return { trapId: parsed.trapId, runId: parsed.runId };
}
