import type { ZipListWriter } from '../../../libs/store/index.js';
import { sessionsOfRuns } from '../../sessions/index.js';
import { coverageOf } from '../coverage.js';
import { uuidOf } from '../dataset.js';
import { DeploymentIndex } from '../deployment-index.js';
import type { ExportJob } from '../export-jobs.js';
import { cropPages, type Visit, visitPages } from '../visits.js';
import { withTable } from '../written-table.js';
import { emlXml } from './eml.js';
import {
  EML_FILE,
  MULTIMEDIA_COLUMNS,
  MULTIMEDIA_FILE,
  metaXml,
  OCCURRENCE_COLUMNS,
  OCCURRENCE_FILE,
} from './meta-xml.js';
import { isOccurrence, multimediaRecord, nameOf, occurrenceRecord } from './occurrence-record.js';

/** Writes a Darwin Core Archive: one occurrence per visit of an insect, with its pictures. */
export async function writeArchive(job: ExportJob, list: ZipListWriter, stopped: AbortSignal): Promise<void> {
  const { db, nowMs, exact } = job;
  const deployments = await DeploymentIndex.read(db, job.filter.trapIds);
  const names = new Map<string, string | undefined>();
  await withTable(list, OCCURRENCE_FILE, OCCURRENCE_COLUMNS, nowMs, (occurrences) =>
    withTable(list, MULTIMEDIA_FILE, MULTIMEDIA_COLUMNS, nowMs, async (pictures) => {
      for await (const page of visitPages(db, { ...job.filter, insectsOnly: true }, deployments, stopped)) {
        const visits = page.filter(isOccurrence);
        const sessions = await sessionsByRun(job, visits);
        await occurrences.add(visits.map((visit) => occurrenceRecord(visit, sessions(visit), job)));
        for (const visit of visits) {
          const { scientificName, rank } = nameOf(visit);
          names.set(scientificName, names.get(scientificName) ?? rank);
        }
        for await (const crops of cropPages(db, visits, stopped)) {
          const records = crops.flatMap(({ visit, crops: some }) =>
            some.flatMap((crop) => multimediaRecord(crop, visit, job) ?? []),
          );
          await pictures.add(records);
        }
      }
    }),
  );
  const exported = deployments.exported(job.filter.fromMs, job.filter.toMs, nowMs);
  await list.addText('meta.xml', metaXml(), nowMs);
  const eml = emlXml({
    ...job,
    id: `urn:uuid:${job.filterText ? uuidOf(job.datasetId, job.filterText) : job.datasetId}`,
    createdMs: nowMs,
    coverage: coverageOf(exported, nowMs, exact),
    names,
    selection: job.filterText || undefined,
  });
  await list.addText(EML_FILE, eml, nowMs, false);
}

async function sessionsByRun({ db }: ExportJob, visits: readonly Visit[]) {
  const sessions = await sessionsOfRuns(
    db,
    visits.map(({ run }) => run),
  );
  const byId = new Map(sessions.map((session) => [`${session.trapId}/${session.sessionId}`, session]));
  return ({ run }: Visit) => byId.get(`${run.trapId}/${run.sessionId}`);
}
