import type { Db } from '../../libs/database/index.js';
import { isTimeKnown, type RunId, runKey, visitLengthS } from '../../libs/domain/index.js';
import { type Point, point, pointTimeNs } from '../../libs/timeseries/index.js';
import { firstCrops } from '../runs/index.js';
import { bothNames, type TaxonIndex } from '../taxa/index.js';
import { boxesOf, type FinalObservation, finalObservations } from './series.repository.js';

interface RunPoint {
  readonly run: RunId;
  readonly point: Point<'insect_run'>;
}

/** The points of these runs as the catalog knows them now. A run without a final observation has none, nor one of unknown time. */
export async function pointsOfRuns(db: Db, runs: readonly RunId[], taxa: TaxonIndex): Promise<RunPoint[]> {
  if (!runs.length) return [];
  const observations = (await finalObservations(db, runs)).filter(({ at_ms }) => isTimeKnown(Number(at_ms)));
  const firstCropOf = await firstCrops(db, runs);
  const sizes = meanSizes(await boxesOf(db, runs));
  return observations.map((row) => ({
    run: { trapId: row.trap_id, runId: row.run_id },
    point: pointOf(row, firstCropOf.get(keyOf(row)), sizes.get(keyOf(row)), taxa),
  }));
}

function pointOf(
  row: FinalObservation,
  firstCropId: string | undefined,
  sizeRel: number | undefined,
  taxa: TaxonIndex,
): Point<'insect_run'> {
  return point({
    measurement: 'insect_run',
    tags: {
      trap: row.trap_id,
      label: row.label,
      taxon: row.taxon,
      insect: row.insect === 1 ? 'yes' : 'no',
      model: row.model,
    },
    fields: {
      run_id: row.run_id,
      name: bothNames(taxa.namesOf(row)) ?? row.taxon ?? row.label,
      probability: row.probability,
      duration_s: visitLengthS({
        durationS: row.duration_s,
        startMs: row.start_ms,
        endMs: row.end_ms,
        clockSuspect: row.clock_suspect === 1,
      }),
      crops: row.crops,
      size_rel: sizeRel,
      unsure: row.unsure,
      hour: hourOf(Number(row.at_ms), row.start_offset_min),
      thumb: thumbnailPath(row, firstCropId),
    },
    timeNs: pointTimeNs(Number(row.at_ms), keyOf(row)),
  });
}

const keyOf = (row: { trap_id: string; run_id: string }): string =>
  runKey({ trapId: row.trap_id, runId: row.run_id });

/** By the clock of the trap where its offset is known, otherwise UTC. */
const hourOf = (atMs: number, offsetMin: number | null): string =>
  new Date(atMs + (offsetMin ?? 0) * 60_000).toISOString().slice(11, 13);

/** Ids need no escaping in a URL. */
const thumbnailPath = (row: FinalObservation, cropId: string | undefined): string =>
  cropId === undefined ? '' : `/api/v1/runs/${row.trap_id}/${row.run_id}/crops/${cropId}/thumbnail`;

/** The mean longer side of each run's boxes, relative to the frame. */
function meanSizes(boxes: Awaited<ReturnType<typeof boxesOf>>): Map<string, number> {
  const sums = new Map<string, { size: number; boxes: number }>();
  for (const { run, box } of boxes) {
    const [xMin = 0, yMin = 0, xMax = 0, yMax = 0] = box;
    const sum = sums.get(runKey(run)) ?? { size: 0, boxes: 0 };
    sum.size += Math.max(xMax - xMin, yMax - yMin);
    sum.boxes += 1;
    sums.set(runKey(run), sum);
  }
  return new Map([...sums].map(([key, { size, boxes: count }]) => [key, size / count]));
}
