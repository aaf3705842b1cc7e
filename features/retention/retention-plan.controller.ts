import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { DAY_MS, type RetentionRule } from '../../libs/domain/index.js';
import { MinRole, Scans } from '../accounts/index.js';
import { ApiDoc, isoOrNull, json } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { expectModest, RetentionBlocked } from './refusal.js';
import { planRound } from './removal-plan.js';
import { emptySummary, type RemovalSummary } from './removal-summary.js';
import { EXAMPLE_RETENTION_PLAN, PLAN_QUERY, RETENTION_PLAN } from './retention-plan.schema.js';

const BYTES_PER_MB = 1_000_000;
type Plan = z.output<typeof RETENTION_PLAN>;

/** What the rule would remove: a look that changes nothing. */
@MinRole('admin')
@Controller('api/v1/retention')
export class RetentionPlanController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir' | 'retention'>,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'The rule for old pictures, and what it would remove now',
    description:
      'A dry run: nothing is removed. Without parameters by the rule that is set; each parameter tries another value.',
    answers: { 200: json(RETENTION_PLAN, EXAMPLE_RETENTION_PLAN) },
  })
  @Scans('question')
  @Get('plan')
  async plan(@Query({ schema: PLAN_QUERY }) query: z.output<typeof PLAN_QUERY>): Promise<Plan> {
    const { catalog } = this;
    const { dataDir, retention } = this.config;
    const rule: RetentionRule = {
      olderThanMs: query.olderThanDays === undefined ? retention.olderThanMs : query.olderThanDays * DAY_MS,
      freeBytes: query.freeMb === undefined ? retention.freeBytes : query.freeMb * BYTES_PER_MB,
      keepBest: query.keepBest ?? retention.keepBest,
    };
    try {
      const plan = await planRound({ catalog, dataDir, rule, nowMs: Date.now() });
      return view(
        rule,
        plan.going,
        plan.shortBytes,
        blockedBecause(() => expectModest(plan.survey, plan.going)),
      );
    } catch (error) {
      if (error instanceof RetentionBlocked) return view(rule, emptySummary(), 0, error.message);
      throw error;
    }
  }
}

function blockedBecause(expect: () => void): string | null {
  try {
    expect();
    return null;
  } catch (error) {
    if (error instanceof RetentionBlocked) return error.message;
    throw error;
  }
}

const view = (
  { olderThanMs, freeBytes, keepBest }: RetentionRule,
  { traps, oldestMs, newestMs, runs, crops, bytes }: RemovalSummary,
  shortBytes: number,
  problem: string | null,
): Plan => ({
  rule: {
    olderThanDays: olderThanMs === undefined ? null : olderThanMs / DAY_MS,
    freeMb: freeBytes === undefined ? null : freeBytes / BYTES_PER_MB,
    keepBest,
  },
  going: {
    runs,
    crops,
    bytes,
    oldest: isoOrNull(oldestMs ?? null),
    newest: isoOrNull(newestMs ?? null),
    traps: Object.entries(traps)
      .map(([trapId, sum]) => ({ trapId, ...sum }))
      .sort((a, b) => b.bytes - a.bytes),
  },
  shortBytes,
  problem,
});
