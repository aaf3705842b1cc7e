import type { Db } from '../../libs/database/index.js';
import { type Deployment, type Gap, whereAt } from '../../libs/domain/index.js';
import { deploymentsOf } from '../traps/index.js';
import type { EventTimes } from './event-times.js';
import { type KnownTrap, trapsKnownSince } from './exports.repository.js';

const TRAPS_AT_ONCE = 500;

interface TrapPages {
  readonly trap: KnownTrap;
  readonly deployments: readonly Deployment[];
  readonly exported: Map<string, ExportedDeployment>;
}

/** Tells for each visit and session of which deployment it is: there is always one. */
export class DeploymentIndex {
  private readonly traps = new Map<string, TrapPages>();

  private constructor() {}

  /** @param trapIds of these traps; undefined: of all */
  static async read(db: Db, trapIds: readonly string[] | undefined): Promise<DeploymentIndex> {
    const book = new DeploymentIndex();
    let after: string | undefined;
    for (;;) {
      const traps = await trapsKnownSince(db, trapIds, TRAPS_AT_ONCE, after);
      const deployments = await deploymentsOf(
        db,
        traps.map((trap) => trap.trap_id),
      );
      for (const trap of traps)
        book.add(
          trap,
          deployments.filter(({ trapId }) => trapId === trap.trap_id),
        );
      after = traps.at(-1)?.trap_id;
      if (traps.length < TRAPS_AT_ONCE) return book;
    }
  }

  /** @param atMs when the visit took place; undefined where nobody knows: then it is known where only if the trap never moved */
  of(trapId: string, atMs: number | undefined): ExportedDeployment {
    const pages = this.traps.get(trapId) ?? this.add(unknownTrap(trapId, atMs ?? Date.now()), []);
    const exported = atMs === undefined ? sometime(pages) : at(pages, atMs);
    exported.isUsed ||= atMs !== undefined;
    return exported;
  }

  /** Those that something belongs to, and those that were under way in this time and saw nothing: effort, too. */
  exported(fromMs: number | undefined, toMs: number | undefined, nowMs: number): ExportedDeployment[] {
    const all = [...this.traps.values()].flatMap((pages) => {
      for (const deployment of pages.deployments) stored(pages, deployment);
      return [...pages.exported.values()];
    });
    const isInTime = (deployment: ExportedDeployment) => {
      const { startMs, endMs } = exportedTimes(deployment, nowMs);
      const isThere = deployment.stored !== undefined && startMs < endMs && startMs < nowMs;
      return isThere && startMs < (toMs ?? Infinity) && endMs > (fromMs ?? -Infinity);
    };
    return all
      .filter((deployment) => deployment.isUsed || isInTime(deployment))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private add(trap: KnownTrap, deployments: readonly Deployment[]): TrapPages {
    const pages = { trap, deployments, exported: new Map() };
    this.traps.set(trap.trap_id, pages);
    return pages;
  }
}

function at(pages: TrapPages, atMs: number): ExportedDeployment {
  const found = whereAt(pages.deployments, atMs);
  return 'deploymentId' in found ? stored(pages, found) : gap(pages, found);
}

function sometime(pages: TrapPages): ExportedDeployment {
  const [only, ...others] = pages.deployments;
  if (only && !others.length) return stored(pages, only);
  return exportedOnce(pages, `${pages.trap.trap_id}:unknown`, {
    stored: undefined,
    startMs: null,
    endMs: null,
  });
}

function stored(pages: TrapPages, deployment: Deployment): ExportedDeployment {
  const { trapId, deploymentId, startMs, endMs } = deployment;
  return exportedOnce(pages, `${trapId}:${deploymentId}`, { stored: deployment, startMs, endMs });
}

function gap(pages: TrapPages, { after, startMs, endMs }: Gap): ExportedDeployment {
  const { trap_id: trapId } = pages.trap;
  const id = after === undefined ? trapId : `${trapId}:${after}:after`;
  return exportedOnce(pages, id, { stored: undefined, startMs, endMs });
}

function exportedOnce(
  { trap, exported }: TrapPages,
  id: string,
  what: Pick<ExportedDeployment, 'stored' | 'startMs' | 'endMs'>,
): ExportedDeployment {
  const known = exported.get(id) ?? {
    id,
    trap,
    ...what,
    isUsed: false,
    firstMs: Infinity,
    lastMs: -Infinity,
    leftOut: 0,
  };
  exported.set(id, known);
  return known;
}

/** A run is stored before the trap is noted: a kill may have come between the two. */
const unknownTrap = (trapId: string, atMs: number): KnownTrap => ({
  trap_id: trapId,
  name: null,
  info: '{}',
  time_zone: null,
  first_seen_at: atMs,
  known_since: atMs,
});

/** A deployment in an export, with what is noted of it while the visits go by. */
export interface ExportedDeployment {
  /** `<trap>:<deployment>`; `<trap>` or `<trap>:<deployment>:after` where nobody has said where the trap stood. `<trap>:unknown` where nobody knows when. */
  readonly id: string;
  readonly trap: KnownTrap;
  /** None where nobody has said where the trap stood. */
  readonly stored: Deployment | undefined;
  /** Null: since anything is known of the trap. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  isUsed: boolean;
  firstMs: number;
  lastMs: number;
  /** Visits that are in no table that needs a time. */
  leftOut: number;
}

/** Notes that a visit was at this deployment. */
export function noteVisit(
  deployment: ExportedDeployment,
  { startMs, endMs }: Pick<EventTimes, 'startMs' | 'endMs'>,
): void {
  deployment.firstMs = Math.min(deployment.firstMs, startMs);
  deployment.lastMs = Math.max(deployment.lastMs, endMs);
}

/** From when to when it is exported. One that is still running ends when it is exported, or with its last visit. */
export function exportedTimes(
  { startMs, endMs, firstMs, lastMs, trap }: ExportedDeployment,
  nowMs: number,
): { readonly startMs: number; readonly endMs: number; readonly isRunning: boolean } {
  const isRunning = endMs === null || endMs > nowMs;
  return {
    startMs: startMs ?? Math.min(trap.known_since, firstMs),
    endMs: isRunning ? Math.max(nowMs, lastMs) : endMs,
    isRunning,
  };
}
