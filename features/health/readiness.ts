import { Inject, Injectable, Optional } from '@nestjs/common';
import { z } from 'zod';
import { Overuse, type Overuser } from '../../libs/async/index.js';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { MessageSource } from '../../libs/mqtt/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { MESSAGE_SOURCE } from '../broker/index.js';
import { Reception } from '../http/index.js';
import { Classifier, type ClassifierStatus, Models } from '../models/index.js';
import { CONFIG } from '../platform/index.js';
import { Series } from '../series/index.js';
import { ping } from '../traps/index.js';

const HEALTH = z.enum(['ok', 'degraded', 'down']);
const CHECK = z.strictObject({
  status: HEALTH,
  reason: z.string().optional().meta({ description: 'What is amiss' }),
});

export const READINESS = z
  .strictObject({ status: HEALTH, checks: z.record(z.string(), CHECK) })
  .meta({ id: 'Readiness', description: 'Each thing that the service needs' });

type Health = z.output<typeof HEALTH>;
type Check = z.output<typeof CHECK>;
export type Readiness = z.output<typeof READINESS>;

const ANSWER_MS = 3000;
const OK: Check = { status: 'ok' };
const down = (reason: string): Check => ({ status: 'down', reason });
const degraded = (reason: string): Check => ({ status: 'degraded', reason });

/** Whether messages can be taken (`down` if not), and whether what is taken is classified and shown (`degraded` if not). */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir' | 'limits'>,
    private readonly models: Models,
    private readonly overuse: Overuse,
    @Optional() @Inject(MESSAGE_SOURCE) private readonly source?: MessageSource,
    @Optional() private readonly reception?: Reception,
    @Optional() private readonly classifier?: Classifier,
    @Optional() private readonly series?: Series,
  ) {}

  async check(): Promise<Readiness> {
    const { source, reception, classifier, series } = this;
    const checks = {
      ...(source && { broker: source.connected ? OK : down('not connected') }),
      catalog: await this.checkCatalog(),
      disk: await this.checkDisk(),
      ...(reception && {
        messages: messagesCheck(reception.heldUp),
        background: backgroundCheck(reception.lastError),
        intake: intakeCheck(this.overuse.current()),
      }),
      ...(classifier && { model: modelCheck(this.models.active !== undefined, classifier.status.state) }),
      ...(series && { influxdb: influxCheck(series.trouble?.state) }),
    };
    return { status: worst(Object.values(checks)), checks };
  }

  private async checkCatalog(): Promise<Check> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Check>((resolve) => {
      timer = setTimeout(() => resolve(down(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
    });
    const answer = ping(this.catalog).then(
      ({ isWritable }) => (isWritable ? OK : down('can be read only')),
      () => down('does not answer'),
    );
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  private async checkDisk(): Promise<Check> {
    const { dataDir, limits } = this.config;
    // Health must not run ahead of what senders are told.
    const measured = this.reception ? this.reception.freeBytes() : freeBytes(dataDir);
    const free = await measured.catch(() => undefined);
    if (free === undefined) return down('the data folder cannot be read');
    return free < limits.diskReserveBytes
      ? down('under its reserve: nothing is taken until there is room')
      : OK;
  }
}

/** Whatever keeps them from being stored: the disk, the catalog, a fault of ours. Others may still get through. */
const messagesCheck = (heldUp: number): Check =>
  heldUp > 0 ? degraded('some cannot be stored now: they are not acknowledged and tried again') : OK;

// Not the message itself: health is open to everybody, and it may name paths.
function backgroundCheck(trouble: string | undefined): Check {
  return trouble ? degraded(`${trouble.split(':')[0]} fails and is tried again: see the log`) : OK;
}

const NAMED = 5;

/** Messages are taken all the same, from the others at least. Named, so that somebody can do something about it. */
function intakeCheck(overusers: readonly Overuser[]): Check {
  if (!overusers.length) return OK;
  const named = overusers.slice(0, NAMED).map(({ kind, name, of }) => `${kind} ${name} (${of})`);
  const more = overusers.length > NAMED ? ` and ${overusers.length - NAMED} more` : '';
  return degraded(`more than their share was asked for by ${named.join(', ')}${more}: held back`);
}

const CLASSIFIER_REASONS = {
  off: 'this process is set to classify nothing: crops are stored and wait',
  starting: 'the classifier is not up yet: crops are stored and wait',
  failed:
    'it cannot be used, and nothing is classified until that is put right: see the log; crops are stored and wait',
};

function modelCheck(isInstalled: boolean, state: ClassifierStatus['state']): Check {
  if (!isInstalled) return degraded('none is installed: crops are stored and wait');
  return state === 'running' ? OK : degraded(CLASSIFIER_REASONS[state]);
}

const INFLUX_REASONS = {
  busy: 'does not answer, or takes nothing now: points wait',
  denied: 'refuses its token, organisation or bucket: points wait',
  failed: 'cannot be told because the catalog failed: points wait',
};

/** Dashboards lag behind; nothing is lost, and traps need not know. */
const influxCheck = (trouble: keyof typeof INFLUX_REASONS | undefined): Check =>
  trouble ? degraded(INFLUX_REASONS[trouble]) : OK;

function worst(checks: readonly Check[]): Health {
  if (checks.some(({ status }) => status === 'down')) return 'down';
  return checks.some(({ status }) => status === 'degraded') ? 'degraded' : 'ok';
}
