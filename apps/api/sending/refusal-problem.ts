import type { Refusal, RefusalCode } from '../../../libs/protocol/index.js';
import { Problem } from '../problem.js';

/** All others are 422: what was sent can be read, and is not right. */
const STATUS: Partial<Record<RefusalCode, number>> = {
  'crop-conflict': 409,
  deleted: 410,
  'too-large': 413,
  'not-an-image': 415,
};

/** A refusal as HTTP says it, under its own stable code. */
export function refusalProblem({ code, message, field }: Refusal): Problem {
  const errors = field === undefined ? undefined : [{ field, message }];
  const detail = message.endsWith('.') ? message : `${message}.`;
  return new Problem(STATUS[code] ?? 422, code, detail, { ...(errors && { errors }) });
}
