import { type Coordinates, distanceM } from './distance.js';

/** Nearer than this a place is the same place: what a GPS receiver strays. */
const MOVED_M = 100;

/** When a trap is at one place. Times are milliseconds since 1970, UTC. */
export interface DeploymentPeriod {
  /** Unique within the trap. */
  readonly deploymentId: string;
  /** Null: since anything is known of the trap. */
  readonly startMs: number | null;
  /** Excluded. Null: it is still there. */
  readonly endMs: number | null;
  /** What an editor has set applies, whatever the trap reports later. */
  readonly source: 'trap' | 'editor';
  readonly place: Coordinates | null;
}

/** A trap at one place, with all that is known about it. Null: not known. Those of one trap never overlap. */
export interface Deployment extends DeploymentPeriod {
  readonly trapId: string;
  /** Of the place. */
  readonly name: string | null;
  /** The same for all deployments at the same place. */
  readonly locationId: string | null;
  /** Metres around the place within which the trap is. */
  readonly uncertaintyM: number | null;
  /** Of the trap's clock during the deployment, if other than that of the trap. */
  readonly timeZone: string | null;
  readonly setUpBy: string | null;
  /** Above the ground. */
  readonly cameraHeightM: number | null;
  /** -90 looks down, 0 ahead, 90 up. */
  readonly cameraTiltDeg: number | null;
  /** Clockwise from north. */
  readonly cameraHeadingDeg: number | null;
  readonly habitat: string | null;
  readonly bait: boolean | null;
  readonly notes: string | null;
}

/** A deployment of which no more is known than this. */
export const deploymentOf = (known: DeploymentPeriod & Pick<Deployment, 'trapId'>): Deployment => ({
  name: null,
  locationId: null,
  uncertaintyM: null,
  timeZone: null,
  setUpBy: null,
  cameraHeightM: null,
  cameraTiltDeg: null,
  cameraHeadingDeg: null,
  habitat: null,
  bait: null,
  notes: null,
  ...known,
});

type Times = Pick<DeploymentPeriod, 'startMs' | 'endMs'>;

const startOf = ({ startMs }: Times): number => startMs ?? Number.NEGATIVE_INFINITY;
const endOf = ({ endMs }: Times): number => endMs ?? Number.POSITIVE_INFINITY;

export const isUnderWay = (deployment: Times, atMs: number): boolean =>
  startOf(deployment) <= atMs && atMs < endOf(deployment);

/** What becomes of a trap's other deployments when one is set. */
type FreePeriod =
  | {
      readonly conflict?: undefined;
      /** With their new times. */
      readonly changed: readonly Period[];
      /** Their second part, where the new one lies in the middle: the same once more, with these times. */
      readonly resumed: readonly Period[];
      readonly removed: readonly string[];
    }
  /** An editor has said that the trap stood elsewhere then. */
  | { readonly conflict: DeploymentPeriod };

type Period = Times & Pick<DeploymentPeriod, 'deploymentId'>;

/**
 * Makes room for a deployment. One that is still open ends when the next begins, and so does one of which nobody said when
 * it began; what the trap itself had said gives way altogether; what an editor has said does not. A word on the past alone leaves what holds now: what was interrupted
 * by a deployment that has ended goes on behind it.
 *
 * @param others the trap's deployments; an earlier state of `next` among them is passed over
 */
export function freePeriodFor(next: Period, others: readonly DeploymentPeriod[], nowMs: number): FreePeriod {
  const changed: Period[] = [];
  const resumed: Period[] = [];
  const removed: string[] = [];
  for (const other of others) {
    if (other.deploymentId === next.deploymentId || !overlap(next, other)) continue;
    const { deploymentId, startMs, endMs } = other;
    const beginsBefore = startOf(other) < startOf(next);
    const goesOn = endOf(other) > endOf(next);
    if (other.source === 'editor' && !(beginsBefore && isOpen(other))) return { conflict: other };
    if (beginsBefore) changed.push({ deploymentId, startMs, endMs: next.startMs });
    if (beginsBefore && goesOn && endOf(next) <= nowMs)
      resumed.push({ deploymentId, startMs: next.endMs, endMs });
    if (!beginsBefore && goesOn) changed.push({ deploymentId, startMs: next.endMs, endMs });
    if (!beginsBefore && !goesOn) removed.push(deploymentId);
  }
  return { changed, resumed, removed };
}

/** Nobody said when it began, or when it ended: that end gives way to who says more. */
const isOpen = ({ startMs, endMs }: Times): boolean => startMs === null || endMs === null;

const overlap = (a: Times, b: Times): boolean => startOf(a) < endOf(b) && startOf(b) < endOf(a);

/**
 * What a trap's word on its own place means: nothing, since an editor has spoken; what is known of the place it stands
 * at (`here`); that it never left the place that it took back a while ago (`resumed`); or that it stands at another one from
 * now on.
 */
type PlaceNews =
  | { readonly is: 'overruled' }
  | { readonly is: 'here'; readonly deploymentId: string }
  | { readonly is: 'resumed'; readonly deploymentId: string; readonly endMs: number | null }
  | ({ readonly is: 'moved' } & Times);

/**
 * Decides what it means that a trap says where it is.
 *
 * @param deployments those of the trap
 */
export function placeSaid(
  place: Coordinates,
  deployments: readonly DeploymentPeriod[],
  nowMs: number,
): PlaceNews {
  const current = deployments.find((deployment) => isUnderWay(deployment, nowMs));
  if (!current) {
    const { startMs, endMs } = openedAt(deployments, nowMs);
    const before = lastEnded(deployments, nowMs);
    const isBack =
      before?.source === 'trap' && before.place !== null && distanceM(before.place, place) <= MOVED_M;
    return isBack
      ? { is: 'resumed', deploymentId: before.deploymentId, endMs }
      : { is: 'moved', startMs, endMs };
  }
  const { deploymentId } = current;
  if (current.place === null) return { is: 'here', deploymentId };
  if (current.source === 'editor') return { is: 'overruled' };
  if (distanceM(current.place, place) <= MOVED_M) return { is: 'here', deploymentId };
  return { is: 'moved', ...openedAt(deployments, nowMs) };
}

/** The times of a deployment that opens now: the first one holds for all that came before, too. */
export function openedAt(deployments: readonly DeploymentPeriod[], nowMs: number): Times {
  const planned = deployments.map(startOf).filter((startMs) => startMs > nowMs);
  return {
    startMs: deployments.some((deployment) => startOf(deployment) <= nowMs) ? nowMs : null,
    endMs: planned.length ? Math.min(...planned) : null,
  };
}

/** Between two deployments, or before the first, or without any: nobody has said where the trap was. */
export interface Gap extends Times {
  /** The deployment that has ended when it begins; undefined before the first. */
  readonly after: string | undefined;
}

/** Where a trap was at a time: a deployment that was under way, or the gap among them. */
export function whereAt<D extends DeploymentPeriod>(deployments: readonly D[], atMs: number): D | Gap {
  const current = deployments.find((deployment) => isUnderWay(deployment, atMs));
  if (current) return current;
  const before = lastEnded(deployments, atMs);
  const starts = deployments.map(startOf).filter((startMs) => startMs > atMs);
  return {
    after: before?.deploymentId,
    startMs: before?.endMs ?? null,
    endMs: starts.length ? Math.min(...starts) : null,
  };
}

const lastEnded = <D extends DeploymentPeriod>(deployments: readonly D[], atMs: number): D | undefined =>
  deployments
    .filter((deployment) => endOf(deployment) <= atMs)
    .reduce<D | undefined>((last, next) => (last && endOf(last) >= endOf(next) ? last : next), undefined);

/** The next id of the form `d1`, `d2`, … that no deployment of the trap has. */
export function nextDeploymentId(deployments: readonly Pick<DeploymentPeriod, 'deploymentId'>[]): string {
  const taken = new Set(deployments.map(({ deploymentId }) => deploymentId));
  let number = 1;
  while (taken.has(`d${number}`)) number += 1;
  return `d${number}`;
}
