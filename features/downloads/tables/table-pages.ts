import type { Catalog } from '../../../libs/database/index.js';
import type { ObservedRun } from '../../../libs/domain/index.js';
import type { Principal } from '../../accounts/index.js';
import { cropsForTable, pagesOfCrops } from '../../crops/index.js';
import type { Links } from '../../http/index.js';
import { isIndexed, pagesOfRuns, type RunFilter, type RunsService } from '../../runs/index.js';
import { addNames, type TaxonIndex } from '../../taxa/index.js';
import {
  CROP_COLUMNS,
  type CropRow,
  cropRow,
  SUMMARY_COLUMNS,
  summaryOf,
  type Track,
} from './crops-table.js';
import { type Column, type CsvFormat, csvRows, exactCsvRows } from './csv.js';
import { aroundRuns, type RunAround } from './run-context.js';

// A page is some milliseconds in which the service does nothing else.
const RUNS_AT_ONCE = 200;
const CROPS_AT_ONCE = 250;

/** The lines of `runs.csv`, page by page. */
export async function* runLines(
  catalog: Catalog,
  filter: RunFilter,
  columns: readonly Column<RunAround>[],
  format: CsvFormat,
): AsyncGenerator<string> {
  for await (const page of runsOf(catalog, filter)) {
    yield csvRows(columns, await aroundRuns(catalog.reader, page), format);
  }
}

/** The lines of `runs.ndjson`: each is a run as `GET /runs` lists it. */
export async function* runObjects(
  runs: RunsService,
  pages: AsyncIterable<readonly ObservedRun[]>,
  links: Links,
  taxa: TaxonIndex,
  user: Principal,
): AsyncGenerator<string> {
  for await (const page of pages) {
    const shown = await runs.present(page, user, links);
    yield shown.map((run) => `${JSON.stringify(addNames(run, taxa))}\n`).join('');
  }
}

/** The lines of `crops.csv`. */
export async function* cropLines(
  catalog: Catalog,
  filter: RunFilter,
  unclassified: boolean,
  format: CsvFormat,
): AsyncGenerator<string> {
  for await (const rows of cropRows(catalog, filter)) {
    yield exactCsvRows(
      CROP_COLUMNS,
      rows.filter((row) => unclassified || row.ranked.length > 0),
      format,
    );
  }
}

/** The lines of `top1-final.csv`. */
export async function* summaryLines(
  catalog: Catalog,
  filter: RunFilter,
  format: CsvFormat,
): AsyncGenerator<string> {
  // The crops of one run may go over several pages.
  let rest: CropRow[] = [];
  for await (const rows of cropRows(catalog, filter)) {
    const tracks = byRun([...rest, ...rows.filter((row) => row.ranked.length > 0)]);
    rest = tracks.pop() ?? [];
    yield summarised(tracks, format);
  }
  yield summarised([rest], format);
}

function byRun(rows: readonly CropRow[]): CropRow[][] {
  const tracks: CropRow[][] = [];
  for (const row of rows) {
    const last = tracks.at(-1);
    if (last?.[0]?.around === row.around) last.push(row);
    else tracks.push([row]);
  }
  return tracks;
}

function summarised(tracks: readonly CropRow[][], format: CsvFormat): string {
  const filled = tracks.filter((track): track is [CropRow, ...CropRow[]] => track.length > 0);
  return exactCsvRows(
    SUMMARY_COLUMNS,
    filled.map((track: Track) => summaryOf(track)),
    format,
  );
}

/** All crops of these runs, in the order of the runs; those of one run follow each other. */
async function* cropRows(catalog: Catalog, filter: RunFilter): AsyncGenerator<readonly CropRow[]> {
  const db = catalog.reader;
  for await (const page of runsOf(catalog, filter)) {
    const around = new Map((await aroundRuns(db, page)).map((each) => [each.run, each]));
    for await (const crops of pagesOfCrops(db, page, CROPS_AT_ONCE, cropsForTable)) {
      yield crops.flatMap(({ run, crops: its }) =>
        its.map((crop) => cropRow(around.get(run) as RunAround, crop)),
      );
    }
  }
}

/** The runs of a filter, newest first, looked up where that holds up nobody. */
export const runsOf = (catalog: Catalog, filter: RunFilter) =>
  pagesOfRuns(isIndexed(filter) ? catalog.reader : catalog.scanner, filter, RUNS_AT_ONCE);
