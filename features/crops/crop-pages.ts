import { type Db, runIdOf, runIn } from '../../libs/database/index.js';
import { type Run, type RunId, runKey } from '../../libs/domain/index.js';

/** A run whose crops are wanted. */
type RunWithCrops = RunId & Pick<Run, 'storedCrops'>;

interface CropOfRun {
  readonly trap_id: string;
  readonly run_id: string;
  readonly crop_id: string;
}

/** Reads crops of these runs, in the order of their ids, at most `limit`, from behind `afterCropId` on. */
type ReadCrops<Crop> = (
  db: Db,
  runs: readonly RunId[],
  limit: number,
  afterCropId: string | undefined,
) => Promise<Crop[]>;

/** The crops of one run, or a part of them where there are many. */
interface CropsOfRun<Run, Crop> {
  readonly run: Run;
  readonly crops: readonly Crop[];
}

/**
 * The crops of these runs, in pages of about `size`: small runs share a page, a large one has several.
 * Runs stand in their order, and those without crops are left out.
 */
export async function* pagesOfCrops<Run extends RunWithCrops, Crop extends CropOfRun>(
  db: Db,
  runs: readonly Run[],
  size: number,
  read: ReadCrops<Crop>,
): AsyncGenerator<readonly CropsOfRun<Run, Crop>[]> {
  for (const some of together(runs, size)) {
    const [first] = some;
    if (first && some.length === 1) yield* pagesOfOneRun(db, first, size, read);
    else yield byRun(some, await read(db, some, Number.MAX_SAFE_INTEGER, undefined));
  }
}

async function* pagesOfOneRun<Run extends RunWithCrops, Crop extends CropOfRun>(
  db: Db,
  run: Run,
  size: number,
  read: ReadCrops<Crop>,
): AsyncGenerator<readonly CropsOfRun<Run, Crop>[]> {
  let afterCropId: string | undefined;
  for (;;) {
    const crops = await read(db, [run], size, afterCropId);
    if (crops.length) yield [{ run, crops }];
    if (crops.length < size) return;
    afterCropId = crops.at(-1)?.crop_id;
  }
}

/** Cuts the list so that each part has at most `size` crops, or is one run. */
function* together<Run extends RunWithCrops>(runs: readonly Run[], size: number): Generator<Run[]> {
  let some: Run[] = [];
  let crops = 0;
  for (const run of runs) {
    if (some.length && crops + run.storedCrops > size) {
      yield some;
      some = [];
      crops = 0;
    }
    some.push(run);
    crops += run.storedCrops;
  }
  if (some.length) yield some;
}

function byRun<Run extends RunWithCrops, Crop extends CropOfRun>(
  runs: readonly Run[],
  crops: readonly Crop[],
): CropsOfRun<Run, Crop>[] {
  const ofRun = new Map<string, Crop[]>(runs.map((run) => [runKey(run), []]));
  for (const crop of crops) ofRun.get(runKey(runIdOf(crop)))?.push(crop);
  return runs
    .map((run) => ({ run, crops: ofRun.get(runKey(run)) ?? [] }))
    .filter((its) => its.crops.length > 0);
}

/** What an archive must know of crops, the removed ones too. */
export function cropsForArchive(
  db: Db,
  runs: readonly RunId[],
  limit: number,
  afterCropId: string | undefined,
) {
  return cropsOf(db, runs, limit, afterCropId)
    .leftJoin('detections', (join) =>
      join
        .onRef('detections.trap_id', '=', 'crops.trap_id')
        .onRef('detections.run_id', '=', 'crops.run_id')
        .onRef('detections.crop_id', '=', 'crops.crop_id'),
    )
    .select(['crops.format', 'crops.bytes', 'crops.crc32', 'crops.removed_at', 'detections.at_ms'])
    .execute();
}

/** A page of crops with what the trap's detector said of them, and the model whose observation of the run counts. */
export function reviewedCrops(
  db: Db,
  runs: readonly RunId[],
  limit: number,
  afterCropId: string | undefined,
) {
  return cropsOf(db, runs, limit, afterCropId)
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'crops.trap_id').onRef('runs.run_id', '=', 'crops.run_id'),
    )
    .leftJoin('classifications', (join) =>
      join
        .onRef('classifications.trap_id', '=', 'crops.trap_id')
        .onRef('classifications.run_id', '=', 'crops.run_id')
        .onRef('classifications.crop_id', '=', 'crops.crop_id')
        .onRef('classifications.model', '=', 'runs.model'),
    )
    .leftJoin('detections', (join) =>
      join
        .onRef('detections.trap_id', '=', 'crops.trap_id')
        .onRef('detections.run_id', '=', 'crops.run_id')
        .onRef('detections.crop_id', '=', 'crops.crop_id'),
    );
}

/** What a table of crops says of them. */
export function cropsForTable(
  db: Db,
  runs: readonly RunId[],
  limit: number,
  afterCropId: string | undefined,
) {
  return reviewedCrops(db, runs, limit, afterCropId)
    .select([
      'crops.format',
      'crops.received_at',
      'classifications.label',
      'classifications.ranked',
      'detections.at_ms',
      'detections.confidence',
      'detections.box',
      'detections.entry',
    ])
    .execute();
}

export type CropForArchive = Awaited<ReturnType<typeof cropsForArchive>>[number];
export type CropForTable = Awaited<ReturnType<typeof cropsForTable>>[number];

function cropsOf(db: Db, runs: readonly RunId[], limit: number, afterCropId: string | undefined) {
  const [first] = runs;
  return db
    .selectFrom('crops')
    .select(['crops.trap_id', 'crops.run_id', 'crops.crop_id'])
    .$if(runs.length > 1, (query) => query.where(runIn(runs, 'crops')))
    .$if(runs.length === 1, (query) =>
      query
        .where('crops.trap_id', '=', first?.trapId ?? '')
        .where('crops.run_id', '=', first?.runId ?? '')
        .$if(afterCropId !== undefined, (later) => later.where('crops.crop_id', '>', afterCropId ?? ''))
        .limit(limit),
    )
    .orderBy('crops.trap_id')
    .orderBy('crops.run_id')
    .orderBy('crops.crop_id');
}
