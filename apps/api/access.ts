import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Account } from '../../libs/catalog/index.js';

export type Role = Account['role'];

/** Each may do what those before it may. */
const ROLES: readonly Role[] = ['device', 'viewer', 'editor', 'admin'];

/** The least role that a route or a controller needs. Where nothing is said, it is `viewer`. */
export const Needs = Reflector.createDecorator<Role>();

/** Open to everyone: only what is written down publicly anyway, or says no more than that the service runs. */
export const Public = Reflector.createDecorator<true>();

/** The account of a trap speaks MQTT, whatever role its row may name. */
const roleOf = ({ kind, role }: Account): Role => (kind === 'trap' ? 'device' : role);

export const mayAct = (account: Account, needed: Role): boolean =>
  ROLES.indexOf(roleOf(account)) >= ROLES.indexOf(needed);

/** Viewers read without exact places. */
export const seesExactPlaces = (account: Account): boolean => mayAct(account, 'editor');

/** A request that has passed the guard. */
export interface KeyedRequest extends Request {
  account?: Account;
}

/** The account whose key came with the request. */
export const Asker = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<KeyedRequest>().account,
);
