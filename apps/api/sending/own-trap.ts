import { type Caller, mayActFor } from '../access.js';
import { Problem } from '../problem.js';

/** @throws Problem 403 where this caller may not send for this trap */
export function expectOwnTrap(caller: Caller, trapId: string): void {
  if (mayActFor(caller, trapId)) return;
  throw new Problem(
    403,
    'foreign-trap',
    'A trap sends for itself only: with its own name in the path, and its own key. Admins may for any.',
  );
}
