import { signal } from '@preact/signals';
import type { Review, Run } from '../../../libs/api-types/index.js';
import { toast } from '../shell/toast.js';
import { reviewWords } from '../texts/review.js';
import { shell } from '../texts/shell.js';
import { post, remove } from './client.js';
import { ApiProblem } from './problem.js';
import { refresh } from './query.js';

/** What a person says of a run. */
export interface Verdict {
  readonly verdict: Exclude<Review['verdict'], 'undo'>;
  readonly label?: string | undefined;
  readonly taxon?: string | undefined;
  readonly rank?: string | undefined;
  readonly group?: string | undefined;
}
/** What the person saw that they chose: for the toast, and until the service has answered. */
export interface Chosen {
  readonly name: string;
  readonly insect: boolean;
}
type State = { readonly run: Run; readonly isWaiting: boolean; readonly refused?: string | undefined };

const RETRY_MS = 5000;

/** Runs as they are by what was said here, before and after the service has answered. */
const states = signal<ReadonlyMap<string, State>>(new Map());

const keyOf = ({ trapId, runId }: Pick<Run, 'trapId' | 'runId'>) => `${trapId}/${runId}`;
const pathOf = (run: Run) => `/runs/${run.trapId}/${run.runId}/review`;
const stateOf = (run: Pick<Run, 'trapId' | 'runId'>) => states.value.get(keyOf(run));

function setState(run: Run, state: State | undefined): void {
  const next = new Map(states.value);
  if (state) next.set(keyOf(run), state);
  else next.delete(keyOf(run));
  states.value = next;
}

/** A run as it is by the newest that is known here: of the list that was loaded, or of what was said since. */
export function latest<T extends Run>(run: T): T {
  const known = stateOf(run)?.run;
  const isNewer = known && (known.observation?.revision ?? 0) >= (run.observation?.revision ?? 0);
  return isNewer ? { ...run, ...known } : run;
}

/** True while a verdict has not reached the service; it is sent again until it has. */
export const isWaiting = (run: Run): boolean => stateOf(run)?.isWaiting ?? false;
/** How many verdicts have not reached the service yet. */
export const waitingVerdicts = (): number =>
  [...states.value.values()].filter(({ isWaiting }) => isWaiting).length;
/** Why the service refused the last verdict. */
export const refusalOf = (run: Run): string | undefined => stateOf(run)?.refused;

/** Says what a run shows: seen at once, sent until it has arrived, taken back by the toast. */
export async function review(run: Run, verdict: Verdict, chosen: Chosen): Promise<void> {
  setState(run, { run: assumed(run, verdict, chosen), isWaiting: false });
  let saved: Promise<Run | undefined>;
  toast(reviewWords.saved(chosen.name), () => {
    void saved.then((result) => result && undo(result));
  });
  saved = send(run, () => post<Run>(pathOf(run), verdict));
  await saved;
}

/** Takes back the review that decides. */
export async function undo(run: Run): Promise<void> {
  const deciding = run.reviews?.find(({ decides }) => decides);
  const query = deciding ? `?review=${deciding.id}` : '';
  if (await send(run, () => remove<Run>(pathOf(run) + query))) toast(shell.undone);
}

async function send(run: Run, request: () => Promise<Run>): Promise<Run | undefined> {
  const before = run;
  for (;;) {
    try {
      const result = await request();
      setState(run, { run: result, isWaiting: false });
      refresh('/today');
      refresh(`/runs/${run.trapId}/${run.runId}`);
      return result;
    } catch (error) {
      const problem = error as ApiProblem;
      if (problem.status !== 0 && problem.status < 500) {
        setState(run, { run: before, isWaiting: false, refused: reviewWords.refused(problem.message) });
        return undefined;
      }
      const state = stateOf(run);
      setState(run, { run: state?.run ?? run, isWaiting: true });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** The run as it will be, as far as that is known here. */
function assumed(run: Run, { verdict, label, taxon, rank, group }: Verdict, { insect }: Chosen): Run {
  const { observation } = run;
  if (!observation) return { ...run, reviewed: true };
  const isRenamed = verdict === 'relabel';
  return {
    ...run,
    reviewed: true,
    observation: {
      ...observation,
      ...(isRenamed && { label: label ?? taxon ?? observation.label, taxon, rank, group, names: undefined }),
      unsure: verdict === 'unsure',
      insect,
      probability: 1,
    },
  };
}
