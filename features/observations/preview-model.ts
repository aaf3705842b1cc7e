import { classifyFiles, type ModelPackage, type StoredLogits } from '../../libs/classifier/index.js';
import { type Catalog, cropIdOf, type Db, inChunks, runIdOf, runIn } from '../../libs/database/index.js';
import { cropKey, type RunId, runKey } from '../../libs/domain/index.js';
import { cropPath, imagesRoot } from '../../libs/store/index.js';
import { type ActiveModel, activeModel, type CropAnswer, observeAnswers } from './active-model.js';
import type { ReclassifyFilter } from './reclassify.js';

/** What a run is decided to be, as far as counts depend on it. */
export interface PreviewVerdict {
  readonly label: string;
  readonly taxon: string | null;
  readonly rank: string | null;
  readonly group: string | null;
  readonly insect: boolean;
  readonly unsure: boolean;
}

export interface ChangedRun extends RunId {
  /** Null where the run has no verdict yet. */
  readonly before: PreviewVerdict | null;
  readonly after: PreviewVerdict;
}

/** Visits of one taxon, or one group, with the verdicts of today and with those of the other model. */
export interface CountChange {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** What would change if another model decided about runs of the past. Nothing has been changed. */
export interface ModelPreview {
  readonly model: string;
  /** Runs that were looked at: complete ones with pictures, newest first. */
  readonly runs: number;
  /** Of these, those whose verdict is a person's: no model changes it. */
  readonly reviewed: number;
  /** Runs of which the model has seen no picture that can be read. */
  readonly withoutAnswer: number;
  readonly changed: number;
  /** The newest of those that change. */
  readonly examples: readonly ChangedRun[];
  readonly visits: {
    readonly insects: CountChange;
    readonly unsure: CountChange;
    readonly nothing: CountChange;
  };
  /** Largest differences first; what stays the same is left out. Uncertain visits are in none. */
  readonly taxa: readonly CountChange[];
  readonly groups: readonly CountChange[];
  /** Episodes of unusual activity that hold such runs: they would be judged again. */
  readonly episodes: readonly {
    readonly id: string;
    readonly trapId: string;
    readonly group: string;
    /** Visits of the episode that would not belong to its group any more. */
    readonly leaving: number;
    /** Visits during the episode that would come to its group. */
    readonly coming: number;
  }[];
}

export interface PreviewOptions {
  readonly dataDir: string;
  /** Newest runs at most. */
  readonly limit: number;
  readonly childFile?: URL | undefined;
  /** Processes that classify; one, where a service is at work beside it. */
  readonly processes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly maxExamples?: number;
  onProgress?(runs: number, of: number): void;
}

const RUNS_AT_ONCE = 100;
const EXAMPLES = 100;
const HOUR_MS = 3_600_000;

/**
 * Asks another model about runs of the past and compares its verdicts with those that count. Answers that it gave before
 * are used; other pictures are classified beside the service. Nothing is stored.
 *
 * @throws ModelError if the model is unusable; the reason of the signal when it is aborted
 */
export async function previewModel(
  catalog: Pick<Catalog, 'reader' | 'scanner'>,
  model: ModelPackage,
  filter: ReclassifyFilter,
  options: PreviewOptions,
): Promise<ModelPreview> {
  const deciding = activeModel(model);
  const runs = await runsOf(catalog.scanner, filter, options.limit);
  const comparison = new Comparison();
  let done = 0;
  for (const page of inChunks(
    runs.filter(({ reviewed }) => reviewed === 0),
    RUNS_AT_ONCE,
  )) {
    options.signal?.throwIfAborted();
    const answers = await answersOfRuns(catalog.reader, model, page.map(runIdOf), options);
    for (const run of page) comparison.add(run, verdictOf(deciding, answers.get(runKey(runIdOf(run))) ?? []));
    done += page.length;
    options.onProgress?.(done, runs.length);
  }
  const reviewed = runs.filter((run) => run.reviewed === 1).length;
  const episodes = await episodesWith(catalog.scanner, comparison.moved);
  return {
    model: model.key,
    runs: runs.length,
    reviewed,
    ...comparison.result(options.maxExamples ?? EXAMPLES),
    episodes,
  };
}

type PreviewRun = Awaited<ReturnType<typeof runsOf>>[number];

function runsOf(db: Db, { trapId, fromMs, toMs }: ReclassifyFilter, limit: number) {
  return db
    .selectFrom('runs')
    .select([
      'trap_id',
      'run_id',
      'day',
      'at_ms',
      'label',
      'taxon',
      'rank',
      'taxon_group',
      'insect',
      'unsure',
      'reviewed',
    ])
    .where('state', '=', 'complete')
    .where('stored_crops', '>', 0)
    .$if(trapId !== undefined, (query) => query.where('trap_id', '=', trapId as string))
    .$if(fromMs !== undefined, (query) => query.where('at_ms', '>=', fromMs as number))
    .$if(fromMs !== undefined || toMs !== undefined, (query) => query.where('at_ms', '>=', 0))
    .$if(toMs !== undefined, (query) => query.where('at_ms', '<', toMs as number))
    .orderBy('at_ms', 'desc')
    .orderBy('trap_id')
    .orderBy('run_id')
    .limit(limit)
    .execute();
}

interface Answer extends CropAnswer {
  readonly cropId: string;
}

/** What the model says of every crop of some runs: stored answers, and new ones for pictures that it has not seen. */
async function answersOfRuns(
  db: Db,
  model: ModelPackage,
  runs: readonly RunId[],
  { dataDir, childFile, processes, signal }: PreviewOptions,
): Promise<Map<string, Answer[]>> {
  const stored = await db
    .selectFrom('classifications')
    .select(['trap_id', 'run_id', 'crop_id', 'label', 'probability', 'logits', 'code'])
    .where('model', '=', model.key)
    .where(runIn(runs))
    .execute();
  const known = new Map(stored.map((row) => [cropKey(cropIdOf(row)), row]));
  const crops = await db
    .selectFrom('crops')
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'crops.trap_id').onRef('runs.run_id', '=', 'crops.run_id'),
    )
    .select(['crops.trap_id', 'crops.run_id', 'crops.crop_id', 'crops.format', 'crops.crc32', 'runs.day'])
    .where(runIn(runs, 'crops'))
    // Those in the inbox have no file yet.
    .where('crops.stage', 'in', ['waiting', 'done'])
    .where('crops.removed_at', 'is', null)
    .where('crops.damaged_at', 'is', null)
    .execute();
  const files = crops.flatMap((row) => {
    const crop = cropIdOf(row);
    const key = cropKey(crop);
    if (known.has(key)) return [];
    return [{ key, crop, path: cropPath(imagesRoot(dataDir), crop, row.day, row.format), crc32: row.crc32 }];
  });
  const results = await classifyFiles(model, files, { childFile, processes, signal });
  const answers = new Map<string, Answer[]>();
  const put = (run: RunId, answer: Answer): void => {
    const ofRun = answers.get(runKey(run)) ?? [];
    ofRun.push(answer);
    answers.set(runKey(run), ofRun);
  };
  for (const row of stored)
    if (row.label !== null && row.probability !== null)
      put(runIdOf(row), {
        cropId: row.crop_id,
        label: row.label,
        probability: row.probability,
        logits: row.logits,
      });
  for (const { key, crop } of files) {
    const result = results.get(key);
    const [best] = result?.state === 'classified' ? result.ranked : [];
    if (result?.state === 'classified' && best)
      put(crop, { cropId: crop.cropId, ...best, logits: bytesOf(result.logits) });
  }
  return answers;
}

const bytesOf = (logits: StoredLogits): Uint8Array =>
  new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength);

function verdictOf(model: ActiveModel, answers: readonly Answer[]): PreviewVerdict | undefined {
  // In the order in which the service reads them.
  const inOrder = [...answers].sort((a, b) => (a.cropId < b.cropId ? -1 : 1));
  const said = observeAnswers(inOrder, model);
  return (
    said && {
      label: said.label,
      taxon: said.taxon ?? null,
      rank: said.rank ?? null,
      group: said.group ?? null,
      insect: said.insect,
      unsure: said.unsure,
    }
  );
}

const before = (run: PreviewRun): PreviewVerdict | null =>
  run.label === null
    ? null
    : {
        label: run.label,
        taxon: run.taxon,
        rank: run.rank,
        group: run.taxon_group,
        insect: run.insect === 1,
        unsure: run.unsure === 1,
      };

/** A run that leaves a group, or comes to one. */
interface MovedRun {
  readonly run: PreviewRun;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

class Tally {
  private readonly counts = new Map<string, { before: number; after: number }>();

  add(name: string | undefined, side: 'before' | 'after'): void {
    if (name === undefined) return;
    const count = this.counts.get(name) ?? { before: 0, after: 0 };
    count[side] += 1;
    this.counts.set(name, count);
  }

  /** What differs, the largest difference first. */
  changes(): CountChange[] {
    return [...this.counts]
      .map(([name, count]) => ({ name, ...count }))
      .filter((each) => each.before !== each.after)
      .sort(
        (a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.name < b.name ? -1 : 1),
      );
  }

  of(name: string): CountChange {
    return { name, ...(this.counts.get(name) ?? { before: 0, after: 0 }) };
  }
}

/** In which group a visit counts; none where it is uncertain or no insect. */
const groupOf = (verdict: PreviewVerdict | null): string | undefined =>
  verdict?.insect && !verdict.unsure ? (verdict.group ?? undefined) : undefined;

class Comparison {
  readonly moved: MovedRun[] = [];
  private readonly changed: ChangedRun[] = [];
  private readonly visits = new Tally();
  private readonly taxa = new Tally();
  private readonly groups = new Tally();
  private withoutAnswer = 0;

  add(run: PreviewRun, after: PreviewVerdict | undefined): void {
    const old = before(run);
    if (!after) this.withoutAnswer += 1;
    // Without an answer the verdict of today stays.
    const next = after ?? old;
    this.count(old, 'before');
    this.count(next, 'after');
    if (!after || isSame(old, after)) return;
    this.changed.push({ ...runIdOf(run), before: old, after });
    const [from, to] = [groupOf(old), groupOf(after)];
    if (from !== to) this.moved.push({ run, from, to });
  }

  result(examples: number) {
    const { visits, taxa, groups, changed, withoutAnswer } = this;
    return {
      withoutAnswer,
      changed: changed.length,
      examples: changed.slice(0, examples),
      visits: { insects: visits.of('insects'), unsure: visits.of('unsure'), nothing: visits.of('nothing') },
      taxa: taxa.changes(),
      groups: groups.changes(),
    };
  }

  private count(verdict: PreviewVerdict | null, side: 'before' | 'after'): void {
    if (!verdict) return;
    this.visits.add(verdict.insect ? 'insects' : 'nothing', side);
    if (verdict.unsure) this.visits.add('unsure', side);
    if (!verdict.unsure && verdict.insect) this.taxa.add(verdict.taxon ?? verdict.label, side);
    this.groups.add(groupOf(verdict), side);
  }
}

/** Candidates of what is uncertain may differ: they count nowhere. */
function isSame(a: PreviewVerdict | null, b: PreviewVerdict): boolean {
  if (!a || a.insect !== b.insect || a.unsure !== b.unsure) return false;
  return a.unsure || (a.taxon ?? a.label) === (b.taxon ?? b.label);
}

/** Episodes during which runs come to their group or leave it. */
async function episodesWith(db: Db, moved: readonly MovedRun[]): Promise<ModelPreview['episodes']> {
  const traps = [...new Set(moved.map(({ run }) => run.trap_id))];
  if (!traps.length) return [];
  const episodes = await db
    .selectFrom('episodes')
    .select(['id', 'trap_id', 'taxon_group', 'start_ms', 'end_ms'])
    .where('trap_id', 'in', traps)
    .execute();
  const found = episodes.flatMap((episode) => {
    const own = moved.filter(
      ({ run }) =>
        run.trap_id === episode.trap_id &&
        run.at_ms >= episode.start_ms &&
        run.at_ms < Math.max(episode.end_ms, episode.start_ms + HOUR_MS),
    );
    const { taxon_group: group } = episode;
    const leaving = own.filter(({ from }) => from === group).length;
    const coming = own.filter(({ to }) => to === group).length;
    return leaving + coming ? [{ id: episode.id, trapId: episode.trap_id, group, leaving, coming }] : [];
  });
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
