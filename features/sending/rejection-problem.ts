import type { Rejection, RejectionCode } from '../../libs/protocol/index.js';
import { hasRoleFor, type Principal } from '../accounts/index.js';
import { Problem } from '../http/index.js';

/** All others are 422: what was sent can be read, and is not right. */
const STATUS: Partial<Record<RejectionCode, number>> = {
  'crop-conflict': 409,
  deleted: 410,
  'too-large': 413,
  'not-an-image': 415,
};

/** A refusal as HTTP says it, under its own stable code. */
export function rejectionProblem({ code, message, field }: Rejection): Problem {
  const errors = field === undefined ? undefined : [{ field, message }];
  const detail = message.endsWith('.') ? message : `${message}.`;
  return new Problem(STATUS[code] ?? 422, code, detail, { ...(errors && { errors }) });
}

/** @throws Problem 403 where this caller may not send for this trap */
export function expectOwnTrap(caller: Principal, trapId: string): void {
  if (hasRoleFor(caller, trapId)) return;
  throw new Problem(
    403,
    'foreign-trap',
    'A trap sends for itself only: with its own name in the path, and its own key. Admins may for any.',
  );
}
