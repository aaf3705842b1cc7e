import type { Request } from 'express';
import { networkOf } from '../../../libs/async/index.js';

/** Where a request comes from, for counting. What a proxy says counts only if that proxy is trusted. */
export const addressOf = ({ ip = '' }: Pick<Request, 'ip'>): string => networkOf(ip);
