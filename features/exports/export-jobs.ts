import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Config } from '../../libs/config/index.js';
import { VERSION } from '../../libs/config/index.js';
import type { Db } from '../../libs/database/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { ZipListWriter } from '../../libs/store/index.js';
import { type Principal, seesExactPlaces } from '../accounts/index.js';
import { Archives, factsOf, fileName, filterText } from '../downloads/index.js';
import { Links, publicAddress } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { type RunFilter, type RunFilterQuery, runFilter } from '../runs/index.js';
import { Taxa, type TaxonIndex } from '../taxa/index.js';
import { trapEdits } from '../traps/index.js';
import { type Dataset, datasetId, datasetOf } from './dataset.js';

/** An export that a request asks for. */
interface AskedExport {
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
    private readonly catalog: Catalog,
    private readonly archives: Archives,
    private readonly taxa: Taxa,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl' | 'access' | 'dataset'>,
  ) {}

  async send(request: Request, response: Response, caller: Principal, asked: AskedExport): Promise<void> {
    const { catalog, config } = this;
    const exact = seesExactPlaces(caller);
    const filter = filterText(asked.query);
    const address = publicAddress(config.publicUrl ?? originOf(request));
    const links = address === undefined ? undefined : new Links({ publicUrl: address });
    const openLinks = config.access.publicThumbnails ? links : undefined;
    const dataset = datasetOf(config.dataset);
    // Who corrects a place and asks again must not get what was made before.
    const words = digestOf(await trapEdits(catalog.reader));
    await this.archives.send(request, response, {
      what: asked.what,
      caller,
      filter: { filter, exact, dataset, address, isOpen: openLinks !== undefined, words, ...asked.options },
      fileName: fileName(asked.what, asked.query, 'zip'),
      headers: factsOf(filter, VERSION),
      fill: async (list, stopped) => {
        const taxa = await this.taxa.read();
        const id = await datasetId(catalog);
        await catalog.atOneMoment((db) => {
          const job: ExportJob = {
            db,
            filter: runFilter(asked.query),
            filterText: filter,
            exact,
            nowMs: Date.now(),
            taxa,
            dataset,
            datasetId: id,
            version: VERSION,
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

/** What an export in one of the field's formats is made of. */
export interface ExportJob {
  /** The catalog at one moment. */
  readonly db: Db;
  readonly filter: RunFilter;
  /** The filter as text; empty for everything. */
  readonly filterText: string;
  /** Whether the user may know exact places. */
  readonly exact: boolean;
  readonly nowMs: number;
  readonly taxa: TaxonIndex;
  readonly dataset: Dataset;
  /** Of the whole dataset, the same at every export. */
  readonly datasetId: string;
  /** Of the service. */
  readonly version: string;
  /** The address of a picture, for those who have a key; undefined where others cannot reach the service. */
  readonly pictureUrl: (crop: NamedCrop) => string | undefined;
  /** The address of a small picture that opens without a key; undefined where there is none. */
  readonly openPictureUrl: (crop: NamedCrop) => string | undefined;
}

interface NamedCrop {
  readonly trap_id: string;
  readonly run_id: string;
  readonly crop_id: string;
}
