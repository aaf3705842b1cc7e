import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Config } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { downloadsFolder, freeBytes, StoredZip, ZipList } from '../../../libs/store/index.js';
import { getsOriginals, type Principal } from '../../accounts/index.js';
import { Problem } from '../../http/index.js';
import { CONFIG, LOG } from '../../platform/index.js';
import { type RangeRequest, rangeRequestOf } from '../range-request.js';
import type { FillList, Snapshot } from '../snapshots/snapshot.js';
import { etagOf, Snapshots } from '../snapshots/snapshots.js';
import { CropContents, type PlaceOf } from './crop-contents.js';
import { asJob } from './download-job.js';
import { sendZip } from './send-zip.js';

/** An archive that a request asks for. */
interface AskedArchive {
  /** Which kind of archive, such as `images`. */
  readonly what: string;
  readonly caller: Principal;
  /** Everything beside the caller that the content depends on: filters, and what the caller may see. */
  readonly filter: unknown;
  readonly fileName: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which crop an entry is, where its name does not say so as `archiveName` does. */
  readonly placeOf?: PlaceOf;
  /** Called only where no snapshot is there that the request can mean. */
  readonly fill: FillList;
}

const EXPIRE_EVERY_MS = 60 * 60 * 1000;

/** Archives whose list of entries stays as it was when they were asked for, so that a broken download can be resumed. */
@Injectable()
export class Archives implements OnModuleInit, OnApplicationShutdown {
  private readonly snapshots: Snapshots;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly catalog: Catalog,
    private readonly contents: CropContents,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir' | 'access' | 'limits'>,
    @Inject(LOG) private readonly log: Logger,
  ) {
    this.snapshots = new Snapshots(downloadsFolder(config.dataDir));
  }

  onModuleInit(): void {
    this.timer = setInterval(() => void this.expire(), EXPIRE_EVERY_MS).unref();
    void this.expire();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Answers with the archive, or with what of it is asked for. A client that goes away frees everything. */
  async send(request: Request, response: Response, asked: AskedArchive): Promise<void> {
    const left = new AbortController();
    response.once('close', () => left.abort());
    const wanted = rangeRequestOf(request);
    const owner = `${asked.caller.kind}/${asked.caller.name}`;
    // Whose role changes in the middle of a download must not go on with other bytes.
    const originals = getsOriginals(asked.caller, this.config.access);
    const key = { what: asked.what, owner, filter: [asked.filter, { originals }] };
    try {
      const fill: FillList = async (list, stopped) => {
        await this.expectRoom();
        await asked.fill(list, stopped);
      };
      const { snapshot, wholeOnly } = await this.snapshots.get(key, wanted, fill, left.signal);
      if (!left.signal.aborted)
        await this.sendSnapshot(request, response, { ...asked, originals }, wanted, snapshot, wholeOnly);
    } catch (error) {
      if (!left.signal.aborted) throw asProblem(error);
      // Nobody is there any more to be told.
      this.log.debug({ err: error, what: asked.what }, 'a download was left');
    }
  }

  private async sendSnapshot(
    request: Request,
    response: Response,
    { what, caller, fileName, headers, placeOf, originals }: AskedArchive & { readonly originals: boolean },
    wanted: RangeRequest,
    snapshot: Snapshot,
    wholeOnly: boolean,
  ): Promise<void> {
    const list = await ZipList.open(this.snapshots.folderOf(snapshot));
    try {
      const zip = new StoredZip(list.pages((file) => this.contents.entry(file, originals, placeOf)));
      const { deliveries } = this.snapshots;
      await sendZip(request, response, {
        zip: {
          length: zip.length,
          bytes: (start, end) =>
            asJob(
              this.catalog,
              { what, fileName, by: caller.name, start, end, length: zip.length },
              deliveries.noted(snapshot, wanted, { start, end }, zip.bytes(start, end)),
            ),
        },
        etag: etagOf(snapshot),
        fileName,
        headers: { 'Last-Modified': new Date(snapshot.madeAtMs).toUTCString(), ...headers },
        wholeOnly,
      });
    } finally {
      await list.close();
    }
  }

  private async expectRoom(): Promise<void> {
    const { dataDir, limits } = this.config;
    if ((await freeBytes(dataDir)) <= limits.diskReserveBytes) throw diskFull();
  }

  private async expire(): Promise<void> {
    await this.snapshots
      .expire()
      .catch((err: unknown) => this.log.warn({ err }, 'old lists of downloads were not removed'));
  }
}

const asProblem = (error: unknown): unknown =>
  (error as NodeJS.ErrnoException)?.code === 'ENOSPC' ? diskFull() : error;

const diskFull = (): Problem =>
  new Problem(507, 'disk-full', 'The disk is full: there is no room for the list of this download.');
