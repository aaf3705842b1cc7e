import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { instant, iso } from '../http/index.js';
import { Models } from '../models/index.js';
import { CONFIG } from '../platform/index.js';
import { clock } from './checks/clock-check.js';
import { fail, ok, reasonOf, type Verdict, warn } from './checks/finding.js';
import { influx } from './checks/influx-check.js';
import { deadLetters, journal, outbox, traps } from './checks/queue-checks.js';
import {
  backup,
  dataFolder,
  disk,
  knownDamage,
  pairing,
  restores,
  retention,
  serviceKey,
  setAside,
} from './checks/storage-checks.js';
import { ReadinessService } from './readiness.js';

const LEVELS = ['trouble', 'warning', 'ok'] as const;

export const FINDING = z
  .strictObject({
    id: z.string().meta({ description: 'Name of the check, as `doctor` has it; stable, for programs' }),
    level: z.enum(LEVELS),
    title: z.string(),
    detail: z.string().meta({ description: 'What was found' }),
    advice: z.string().optional().meta({ description: 'What to do' }),
  })
  .meta({ id: 'HealthFinding', description: 'What was found of one thing that the service needs' });

export const FINDINGS = z
  .strictObject({ checkedAt: instant(), items: z.array(FINDING).meta({ description: 'The worst first' }) })
  .meta({ id: 'HealthFindings' });

export type Findings = z.output<typeof FINDINGS>;

export const EXAMPLE_FINDINGS: Findings = {
  checkedAt: '2026-06-01T08:00:00.000Z',
  items: [
    {
      id: 'backup',
      level: 'warning',
      title: 'Backup',
      detail: 'there is no backup',
      advice: 'npm run trapline -- backup <folder on another disk>, each night from cron.',
    },
    { id: 'disk', level: 'ok', title: 'Disk', detail: '81234 MB are free, the reserve is 500 MB' },
  ],
};

/** Found again at most this often: a page that is open on many screens must not keep the disk busy. */
const AGAIN_MS = 10_000;

type Check = readonly [id: string, title: string, look: () => Verdict | Promise<Verdict>];

/** The quick checks of `doctor`, by the service itself: none reads a picture, and none takes long. */
@Injectable()
export class FindingsService {
  private last: { readonly atMs: number; readonly findings: Promise<Findings> } | undefined;

  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Config,
    private readonly models: Models,
    private readonly readiness: ReadinessService,
  ) {}

  find(nowMs: number = Date.now()): Promise<Findings> {
    if (!this.last || nowMs - this.last.atMs >= AGAIN_MS)
      this.last = { atMs: nowMs, findings: this.look(nowMs) };
    return this.last.findings;
  }

  private async look(nowMs: number): Promise<Findings> {
    const { config, models } = this;
    const at = { db: this.catalog.scanner };
    const checks: readonly Check[] = [
      ['service', 'Service', () => this.service()],
      ['data-folder', 'Data folder', () => dataFolder(config)],
      ['disk', 'Disk', () => disk(config)],
      ['service-key', 'Service key', () => serviceKey(config)],
      ['pairing', 'Catalog and data folder', () => pairing(at, config)],
      ['model', 'Model', () => modelVerdict(models)],
      ['influxdb', 'Time series', () => influx(at, config, nowMs)],
      ['clock', 'Clock', () => clock(at, config, nowMs)],
      ['traps', 'Traps', () => traps(at, config.timeZone, nowMs)],
      ['dead-letters', 'Dead letters', () => deadLetters(at, nowMs)],
      ['journal', 'Journal', () => journal(at, nowMs)],
      ['outbox', 'Outbox', () => outbox(at, nowMs)],
      ['files', 'Pictures', () => knownDamage(at)],
      ['set-aside', 'Files set aside', () => setAside(config)],
      ['backup', 'Backup', () => backup(at, nowMs)],
      ['retention', 'Retention', () => retention(at, config)],
      ['restores', 'Restores', () => restores(config)],
    ];
    const items: Findings['items'] = [];
    for (const [id, title, look] of checks) {
      const { state, message, hint } = await verdictOf(look);
      // What does not apply here is no news.
      if (state === 'skipped') continue;
      const level = state === 'fail' ? 'trouble' : state === 'warn' ? 'warning' : 'ok';
      items.push({ id, level, title, detail: message, ...(hint !== undefined && { advice: hint }) });
    }
    items.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
    return { checkedAt: iso(nowMs), items };
  }

  /** What readiness says, whose reasons need no path of this machine. */
  private async service(): Promise<Verdict> {
    const { status, checks } = await this.readiness.check();
    const troubles = Object.entries(checks).flatMap(([name, { status: of, reason }]) =>
      of === 'ok' ? [] : `${name}: ${reason}`,
    );
    if (status === 'ok') return ok('messages are taken, classified and shown');
    return status === 'degraded'
      ? warn(troubles.join('; '), 'Crops are taken all the same; the findings below and the log say more.')
      : fail(troubles.join('; '), 'No crops are taken now; the findings below and the log say more.');
  }
}

const verdictOf = async (look: Check[2]): Promise<Verdict> => {
  try {
    return await look();
  } catch (error) {
    return fail(`it could not be checked: ${reasonOf(error)}`, 'See the log of the service.');
  }
};

function modelVerdict({ active }: Models): Verdict {
  const install = 'Install a model in the settings, or with npm run trapline -- model install <name>.';
  if (!active) return warn('no model is active: crops are stored and wait', install);
  return active.card.demo
    ? warn(`${active.key} knows drawn insects only, and no real one`, install)
    : ok(`${active.key} classifies`);
}
