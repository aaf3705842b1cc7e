import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Account } from '../accounts.repository.js';

export type Role = Account['role'];

/** Who asks: a trap, the holder of an API key, or a person who has logged in. */
export interface Principal {
  readonly kind: Account['kind'] | 'user';
  readonly name: string;
  readonly role: Role;
  /** The only traps that the caller may see; undefined: all. */
  readonly traps?: readonly string[] | undefined;
}

/** Each may do what those before it may. */
const ROLES: readonly Role[] = ['device', 'viewer', 'editor', 'admin'];

/** The least role that a route or a controller needs. Where nothing is said, it is `viewer`. */
export const MinRole = Reflector.createDecorator<Role>();

/** Open to everyone: only what is written down publicly anyway, or says no more than that the service runs. */
export const Public = Reflector.createDecorator<true>();

/** Not counted towards the limit of requests: whoever watches the service must not lose sight of it. */
export const Unlimited = Reflector.createDecorator<true>();

/**
 * A GET that may go through much of the catalog: of one caller only a few are served at once, and its others wait. Downloads
 * are counted apart from questions.
 */
export const Scans = Reflector.createDecorator<'question' | 'download'>();

/**
 * How a route serves callers that may see some traps only. Without it, a route serves them if it has the parameter
 * `:trapId` or declares the query parameter `trap`; any other route rejects them.
 * `not-needed`: it shows nothing of traps. `inside`: it applies the limit itself.
 */
export const TrapLimit = Reflector.createDecorator<'not-needed' | 'inside'>();

/** Takes a key in the header `access_token` too, where clients of waskrabbeltda send it. */
export const AllowLegacyToken = Reflector.createDecorator<true>();

/**
 * Takes requests of this service's own pages only, although it needs no login: a foreign page must not log anybody in or
 * out.
 */
export const FromOwnPage = Reflector.createDecorator<true>();

/**
 * Opens a GET to whoever has a signed, expiring link to it. A `thumbnail` is open to everyone where
 * TRAPLINE_PUBLIC_THUMBNAILS says so; a `picture` never is. The guard takes `expires` and `signature` off the query.
 */
export const OpenToSignature = Reflector.createDecorator<'picture' | 'thumbnail'>();

/** The account of a trap speaks for its trap, whatever role its row may name. */
const roleOf = ({ kind, role }: Principal): Role => (kind === 'trap' ? 'device' : role);

export const hasRole = (caller: Principal, needed: Role): boolean =>
  ROLES.indexOf(roleOf(caller)) >= ROLES.indexOf(needed);

/**
 * Who may send what a trap sends: the trap itself, and admins. `@MinRole('device')` lets every known caller as far as
 * the route; the route asks this, since only it knows the trap.
 */
export function hasRoleFor(caller: Principal, trapId: string): boolean {
  const role = roleOf(caller);
  return role === 'admin' || (role === 'device' && caller.name === trapId);
}

/** Whether a caller may see a trap at all. */
export const seesTrap = ({ traps }: Pick<Principal, 'traps'>, trapId: string): boolean =>
  traps?.includes(trapId) ?? true;

/** Viewers read without exact places. */
export const seesExactPlaces = (caller: Principal): boolean => hasRole(caller, 'editor');

/**
 * Whether pictures go out byte for byte, with what the camera noted in them: the place, the owner, serial numbers.
 *
 * @param caller undefined where a signed link opens the picture
 */
export const getsOriginals = (
  caller: Principal | undefined,
  access: { readonly originalsForViewers?: boolean } | undefined,
): boolean => access?.originalsForViewers === true || (caller !== undefined && seesExactPlaces(caller));

/** A request that has passed the guard. */
export interface KeyedRequest extends Request {
  account?: Principal;
}

/** Who asks; undefined on routes that are open without a key. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<KeyedRequest>().account,
);
