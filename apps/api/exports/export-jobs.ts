import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { editorWords } from '../../../libs/catalog/index.js';
import type { ZipListWriter } from '../../../libs/images/index.js';
import { type Caller, seesExactPlaces } from '../access.js';
import { Archives } from '../downloads/archives.js';
import { fileName } from '../downloads/file-name.js';
import { factsOf, filterText } from '../downloads/filter-text.js';
import { Links } from '../links.js';
import { type ApiParts, PARTS } from '../parts.js';
import { type RunFilterQuery, runFilter } from '../run-query.js';
import { datasetId, datasetOf } from './dataset.js';
import type { ExportJob } from './export-job.js';
import { LabelBook } from './label-book.js';
import { publicAddress } from './public-address.js';

/** An export that a request asks for. */
export interface AskedExport {
  /** Such as `camtrap-dp`: in the name of the file, too. */
  readonly what: string;
  readonly query: RunFilterQuery;
  /** What the content depends on beside filter and caller. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly write: (job: ExportJob, list: ZipListWriter, stopped: AbortSignal) => Promise<void>;
}

/** Sends exports in the formats of the field: the catalog at one moment, as an archive that can be resumed. */
@Injectable()
export class ExportJobs {
  constructor(
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(Archives) private readonly archives: Archives,
  ) {}

  async send(request: Request, response: Response, caller: Caller, asked: AskedExport): Promise<void> {
    const { parts } = this;
    const exact = seesExactPlaces(caller);
    const filter = filterText(asked.query);
    const address = publicAddress(parts.publicUrl ?? originOf(request));
    const links = address === undefined ? undefined : new Links(address);
    const openLinks = parts.access?.publicThumbnails ? links : undefined;
    const dataset = datasetOf(parts.dataset);
    // Who corrects a place and asks again must not get what was made before.
    const words = digestOf(await editorWords(parts.catalog.reader));
    await this.archives.send(request, response, {
      what: asked.what,
      caller,
      filter: { filter, exact, dataset, address, isOpen: openLinks !== undefined, words, ...asked.options },
      fileName: fileName(asked.what, asked.query, 'zip'),
      headers: factsOf(filter, parts.version),
      fill: async (list, stopped) => {
        const book = await LabelBook.read(parts.model, parts.modelFolders ?? []);
        const id = await datasetId(parts.catalog);
        await parts.catalog.atOneMoment((db) => {
          const job: ExportJob = {
            db,
            filter: runFilter(asked.query),
            filterText: filter,
            exact,
            nowMs: Date.now(),
            book,
            dataset,
            datasetId: id,
            version: parts.version,
            pictureUrl: (crop) => links?.crop(cropIdOf(crop)),
            openPictureUrl: (crop) => openLinks && `${openLinks.thumbnail(cropIdOf(crop))}?size=256`,
          };
          return asked.write(job, list, stopped);
        });
      },
    });
  }
}

const cropIdOf = ({ trap_id, run_id, crop_id }: Parameters<ExportJob['pictureUrl']>[0]) => ({
  trapId: trap_id,
  runId: run_id,
  cropId: crop_id,
});

const digestOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex');

/** Where nobody has said under which URL people find the service, it is the one that was asked. */
function originOf(request: Request): string | undefined {
  const url = `${request.protocol}://${request.get('host')}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
