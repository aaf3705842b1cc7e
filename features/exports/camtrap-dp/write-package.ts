import type { ZipListWriter } from '../../../libs/store/index.js';
import { coverageOf } from '../coverage.js';
import { uuidOf } from '../dataset.js';
import { DeploymentIndex } from '../deployment-index.js';
import type { ExportJob } from '../export-jobs.js';
import { taxonOf } from '../taxon-record.js';
import { cropPages, isTimed, type TimedVisit, visitPages } from '../visits.js';
import { type WrittenTable, withTable } from '../written-table.js';
import { deploymentRecord } from './deployment-record.js';
import {
  DEPLOYMENT_COLUMNS,
  descriptor,
  MEDIA_COLUMNS,
  type MediaColumn,
  OBSERVATION_COLUMNS,
  type ObservationColumn,
} from './descriptor.js';
import { fileOf, listed, mediaRecord, type PackageJob, type VisitCrop } from './media-record.js';
import { cropRecord, eventRecord } from './observation-records.js';
import { SESSION_COLUMNS, writeSessions } from './session-table.js';

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
  const deployments = await DeploymentIndex.read(job.db, job.filter.trapIds);
  const names: Names = new Map();
  let leftOut = 0;
  await withTable(list, 'observations.csv', OBSERVATION_COLUMNS, nowMs, (observations) =>
    withTable(list, 'media.csv', MEDIA_COLUMNS, nowMs, async (media) => {
      for await (const all of visitPages(job.db, job.filter, deployments, stopped)) {
        // The standard demands times, and one that is wrong would spoil all of its deployment.
        const visits = all.filter(isTimed);
        leftOut += all.length - visits.length;
        for (const visit of all) if (!isTimed(visit)) visit.deployment.leftOut += 1;
        await writeVisits(job, visits, { observations, media }, names);
        for await (const page of cropPages(job.db, visits, stopped)) {
          const crops = page.flatMap(({ visit, crops: some }) => some.map((crop) => ({ visit, crop })));
          await writeCrops(job, crops, { observations, media }, names);
          if (job.withMedia) await list.add(crops.flatMap(listed));
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
      .map(([name, rank]) => taxonOf(name, rank, job.taxa)),
    selection: job.filterText || undefined,
    leftOut,
  });
  await list.addText('datapackage.json', `${JSON.stringify(described, null, 2)}\n`, nowMs, false);
}

async function writeVisits(
  job: ExportJob,
  visits: readonly TimedVisit[],
  { observations }: Tables,
  names: Names,
) {
  const records = visits.map((visit) => eventRecord(visit, job.taxa, job.exact));
  for (const [i, { scientificName }] of records.entries())
    note(names, scientificName, visits[i]?.run.taxon === scientificName ? visits[i]?.run.rank : undefined);
  await observations.add(records);
}

async function writeCrops(
  job: PackageJob,
  crops: readonly VisitCrop[],
  { observations, media }: Tables,
  names: Names,
): Promise<void> {
  await media.add(crops.map(({ visit, crop }) => mediaRecord(crop, visit, fileOf(job, visit, crop))));
  const records = crops.map(({ visit, crop }) => cropRecord(crop, visit, job.taxa));
  for (const { scientificName } of records) note(names, scientificName, undefined);
  await observations.add(records);
}

function note(names: Names, name: unknown, rank: string | null | undefined): void {
  if (typeof name === 'string') names.set(name, names.get(name) ?? rank ?? undefined);
}
