import { Injectable } from '@nestjs/common';
import { sessionPlace } from '../../libs/domain/index.js';
import { pageOf } from '../http/index.js';
import { SessionsRepository } from './sessions.repository.js';
import { presentSession, type SessionsQuery } from './sessions.schema.js';

@Injectable()
export class SessionsService {
  constructor(private readonly repository: SessionsRepository) {}

  /** @param exact whether exact places are shown */
  async list({ trap, from, to, limit, after }: SessionsQuery, exact: boolean) {
    const found = await this.repository.list({ trapIds: trap, fromMs: from, toMs: to }, limit + 1, after);
    return pageOf(
      found,
      limit,
      (session) => [sessionPlace(session), session.trapId, session.sessionId],
      (session) => presentSession(session, exact),
    );
  }
}
