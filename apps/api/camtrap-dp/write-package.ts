import { setImmediate as others } from 'node:timers/promises';
import { type CropForStandards, listSessions, type SessionCursor } from '../../../libs/catalog/index.js';
import { archiveName, type ListedFile, type ZipListWriter } from '../../../libs/images/index.js';
import { coverageOf } from '../exports/coverage.js';
import { uuidOf } from '../exports/dataset.js';
import { DeploymentBook, noteVisit } from '../exports/deployment-book.js';
import type { ExportJob } from '../exports/export-job.js';
import { taxonOf } from '../exports/taxon.js';
import { cropPages, type Visit, visitPages } from '../exports/visits.js';
import { type WrittenTable, withTable } from '../exports/written-table.js';
import { cropRecord } from './crop-record.js';
import { deploymentRecord } from './deployment-record.js';
import { descriptor } from './descriptor.js';
import { eventRecord } from './event-record.js';
import { type MediaFile, mediaRecord } from './media-record.js';
import { SESSION_COLUMNS, type SessionColumn, sessionRecord } from './session-table.js';
import {
  DEPLOYMENT_COLUMNS,
  MEDIA_COLUMNS,
  type MediaColumn,
  OBSERVATION_COLUMNS,
  type ObservationColumn,
} from './standard.js';

const SESSIONS_AT_ONCE = 500;
const FOLDER = 'media';

export interface PackageJob extends ExportJob {
  /** Whether the pictures are part of the package. */
  readonly withMedia: boolean;
}

/** The names that the observations give, each with its rank. */
type Names = Map<string, string | undefined>;

interface Tables {
  readonly observations: WrittenTable<ObservationColumn>;
  readonly media: WrittenTable<MediaColumn>;
}

/** Writes a Camtrap DP: its tables page by page, in the memory of a page, and its description when they are known. */
export async function writePackage(
  job: PackageJob,
  list: ZipListWriter,
  stopped: AbortSignal,
): Promise<void> {
  const { nowMs } = job;
  const deployments = await DeploymentBook.read(job.db, job.filter.trapId);
  const names: Names = new Map();
  await withTable(list, 'observations.csv', OBSERVATION_COLUMNS, nowMs, (observations) =>
    withTable(list, 'media.csv', MEDIA_COLUMNS, nowMs, async (media) => {
      for await (const visits of visitPages(job.db, job.filter, deployments, stopped)) {
        await writeVisits(job, visits, { observations, media }, names);
        for await (const page of cropPages(job.db, visits, stopped)) {
          for (const { visit, crops } of page) {
            await writeCrops(job, visit, crops, { observations, media }, names);
            if (job.withMedia) await list.add(crops.flatMap((crop) => listed(visit, crop)));
          }
        }
      }
    }),
  );
  await withTable(list, 'sessions.csv', SESSION_COLUMNS, nowMs, (table) =>
    writeSessions(job, deployments, table, stopped),
  );
  const exported = deployments.exported(job.filter.fromMs, job.filter.toMs, nowMs);
  await withTable(list, 'deployments.csv', DEPLOYMENT_COLUMNS, nowMs, (table) =>
    table.add(exported.map((deployment) => deploymentRecord(deployment, nowMs, job.exact))),
  );
  const described = descriptor({
    ...job,
    id: `urn:uuid:${job.filterText ? uuidOf(job.datasetId, job.filterText) : job.datasetId}`,
    createdMs: nowMs,
    coverage: coverageOf(exported, nowMs, job.exact),
    taxa: [...names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, rank]) => taxonOf(name, rank, job.book)),
    selection: job.filterText || undefined,
  });
  await list.addText('datapackage.json', `${JSON.stringify(described, null, 2)}\n`, nowMs, false);
}

async function writeVisits(job: ExportJob, visits: readonly Visit[], { observations }: Tables, names: Names) {
  const records = visits.map((visit) => eventRecord(visit, job.book));
  for (const [i, { scientificName }] of records.entries())
    note(names, scientificName, visits[i]?.run.taxon === scientificName ? visits[i]?.run.rank : undefined);
  await observations.add(records);
}

async function writeCrops(
  job: PackageJob,
  visit: Visit,
  crops: readonly CropForStandards[],
  { observations, media }: Tables,
  names: Names,
): Promise<void> {
  await media.add(crops.map((crop) => mediaRecord(crop, visit, fileOf(job, visit, crop))));
  const records = crops.map((crop) => cropRecord(crop, visit, job.book));
  for (const { scientificName } of records) note(names, scientificName, undefined);
  await observations.add(records);
}

/** A picture that was removed is in no package: its address remains, and its row says so. */
const isInside = ({ withMedia }: PackageJob, { removed_at }: CropForStandards): boolean =>
  withMedia && removed_at === null;

function fileOf(job: PackageJob, visit: Visit, crop: CropForStandards): MediaFile {
  return isInside(job, crop)
    ? { path: pathInside(visit, crop), isInside: true }
    : { path: job.pictureUrl(crop), isInside: false };
}

/** As `images.zip` has it, in a folder. */
function pathInside({ run }: Visit, { trap_id, run_id, crop_id, format }: CropForStandards): string {
  return `${FOLDER}/${archiveName({ trapId: trap_id, runId: run_id, cropId: crop_id }, run.day, format)}`;
}

function listed(visit: Visit, crop: CropForStandards): ListedFile[] {
  if (crop.removed_at !== null) return [];
  const { bytes, crc32, at_ms, received_at } = crop;
  return [{ name: pathInside(visit, crop), bytes, crc32, atMs: at_ms ?? received_at }];
}

function note(names: Names, name: unknown, rank: string | null | undefined): void {
  if (typeof name === 'string') names.set(name, names.get(name) ?? rank ?? undefined);
}

async function writeSessions(
  { db, filter: { trapId, fromMs, toMs } }: ExportJob,
  deployments: DeploymentBook,
  table: WrittenTable<SessionColumn>,
  stopped: AbortSignal,
): Promise<void> {
  let after: SessionCursor | undefined;
  do {
    stopped.throwIfAborted();
    const rows = await listSessions(
      db,
      {
        ...(trapId !== undefined && { trapId }),
        ...(fromMs !== undefined && { fromMs }),
        ...(toMs !== undefined && { toMs }),
      },
      SESSIONS_AT_ONCE,
      after,
    );
    await table.add(
      rows.map((row) => {
        const deployment = deployments.of(row.trap_id, row.at_ms);
        const atMs = { startMs: row.at_ms, endMs: row.at_ms, startOffsetMin: 0, endOffsetMin: 0 };
        noteVisit(deployment, atMs, row.clock_suspect === 1);
        return sessionRecord(row, deployment);
      }),
    );
    const last = rows.length === SESSIONS_AT_ONCE ? rows.at(-1) : undefined;
    after = last && { atMs: last.at_ms, trapId: last.trap_id, sessionId: last.session_id };
    await others();
  } while (after);
}
