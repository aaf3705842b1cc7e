import type { RunId } from '../../libs/domain/index.js';
import { parseTopic } from '../../libs/protocol/index.js';

/** The run that a receipt calls complete, and how many crops it has; undefined for any other message. */
export function completeReceiptOf(
  topic: string,
  payload: string,
): (RunId & { readonly crops: number }) | undefined {
  if (!topic.endsWith('/receipt')) return undefined;
  const parsed = parseTopic(topic);
  const { state, have } = JSON.parse(payload);
  if (parsed.kind !== 'receipt' || state !== 'complete') return undefined;
  return { trapId: parsed.trapId, runId: parsed.runId, crops: have };
}
