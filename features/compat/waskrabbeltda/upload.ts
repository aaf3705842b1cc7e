import { createHash } from 'node:crypto';
import { isId, isTimeText } from '../../../libs/domain/index.js';
import { endMessages, isRejection } from '../../../libs/protocol/index.js';
import { Problem, type SentMessage } from '../../http/index.js';
import type { FormFile, FormTaker } from '../../sending/index.js';
import { areComplete, type TrackingRun, trackingRunOf, type UploadFields } from './tracking-runs.js';

/** Files that come before the fields that name their run wait in memory. */
const HELD_BYTES = 8 * 1024 * 1024;

interface Uploader {
  readonly trapId: string;
  readonly trackId: number;
  /** Name of the account. */
  readonly client: string;
  /** @throws Refusal where it is a dead letter now */
  handOver(message: SentMessage): Promise<unknown>;
}

/** One upload of waskrabbeltda's trap client: what is known of a run, and all its crops. */
export class Upload implements FormTaker {
  private readonly fields: Record<string, string>;
  private readonly hashes = new Map<string, string>();
  /** Crop ids that were taken, with the time of the picture. */
  private readonly taken = new Map<string, string | undefined>();
  private held: FormFile[] = [];
  private heldBytes = 0;
  private files = 0;
  private begun: Promise<TrackingRun> | undefined;

  /** @param query fields may stand in the query, too */
  constructor(
    private readonly uploader: Uploader,
    query: UploadFields,
  ) {
    this.fields = Object.fromEntries(
      Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  field(name: string, value: string): void {
    this.fields[name] = value;
  }

  async file(file: FormFile): Promise<void> {
    if (file.field !== 'files') return;
    this.files += 1;
    if (areComplete(this.fields)) await this.send(file);
    else this.hold(file);
  }

  /** When the form is whole. Resolves when all of it is durable. */
  async finish(): Promise<void> {
    if (this.files === 0)
      throw new Problem(422, 'bad-payload', 'files is missing: send the pictures of the run.', {
        errors: [{ field: 'files', message: 'is missing: send the pictures of the run' }],
      });
    await Promise.all(this.held.map((file) => this.send(file)));
    const run = await this.begin();
    const { trapId, client } = this.uploader;
    const fields = { status: 'complete' as const, end: run.end, crops: this.taken.size };
    const manifest = [...this.taken].map(([crop, at]) => ({ crop, at }));
    const ids = { trapId, runId: run.runId };
    for (const { payload } of endMessages(ids, fields, manifest))
      await this.uploader.handOver({ kind: 'end', ids, bytes: Buffer.from(payload), client });
  }

  private hold(file: FormFile): void {
    this.held.push(file);
    this.heldBytes += file.bytes.length;
    if (this.heldBytes > HELD_BYTES)
      throw new Problem(
        422,
        'bad-payload',
        'start_date and end_date must stand before the files, or in the query.',
      );
  }

  private async send({ name, bytes, tooLargeBytes }: FormFile): Promise<void> {
    const cropId = this.idFor(name, createHash('sha256').update(bytes).digest('hex'));
    const { runId } = await this.begin();
    const { trapId, client } = this.uploader;
    const ids = { trapId, runId, cropId };
    try {
      await this.uploader.handOver({ kind: 'crop', ids, bytes, client, tooLargeBytes });
      this.taken.set(cropId, timeInName(name));
    } catch (error) {
      // It is kept among the dead letters, and holds up none of the others.
      if (!isRejection(error)) throw error;
    }
  }

  /** Files of the same name in one upload are crops of their own, unless they are the same. */
  private idFor(name: string, sha256: string): string {
    const cropId = cropIdOfFile(name);
    const known = this.hashes.get(cropId);
    if (known === undefined) this.hashes.set(cropId, sha256);
    return known === undefined || known === sha256 ? cropId : otherCropId(cropId, sha256);
  }

  /** The run is told of before its first crop, so that its pictures lie under its own day. */
  private begin(): Promise<TrackingRun> {
    this.begun ??= this.tell();
    return this.begun;
  }

  private async tell(): Promise<TrackingRun> {
    const run = trackingRunOf(this.uploader.trackId, this.fields);
    const { trackId, start, end, durationS } = run;
    await this.sayMeta(run, { v: 1, trackId, start, end, durationS });
    return run;
  }

  private async sayMeta({ runId }: TrackingRun, payload: object): Promise<void> {
    const { trapId, client } = this.uploader;
    const bytes = Buffer.from(JSON.stringify(payload));
    await this.uploader.handOver({ kind: 'meta', ids: { trapId, runId }, bytes, client });
  }
}

const IMAGE_ENDING = /\.(?:jpe?g|png|webp)$/i;
/** As insect-detect writes it into the names of its crops. */
const TIME = /\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(?:-\d{1,6})?/;
const HASH_LENGTH = 8;
const STEM_LENGTH = 64 - HASH_LENGTH - 1;

/**
 * The id of a crop, from the name of its file: the name without its ending where that can be an id. Any other name is
 * made one, with a hash of it behind, so that two names never become the same, and the same name always does.
 */
export function cropIdOfFile(name: string): string {
  const stem = name.replace(IMAGE_ENDING, '');
  return isId(stem) ? stem : madeId(name);
}

function madeId(name: string): string {
  const readable = name
    .replace(IMAGE_ENDING, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, STEM_LENGTH);
  return `${readable || 'crop'}-${hashOf(name)}`;
}

/** The id of a crop whose file has the name of another one that came with it. */
export const otherCropId = (cropId: string, sha256: string): string =>
  `${cropId.slice(0, STEM_LENGTH)}-${sha256.slice(0, HASH_LENGTH)}`;

/** When the picture was taken, if its name says so: local time of the trap. */
export function timeInName(name: string): string | undefined {
  const time = TIME.exec(name)?.[0];
  return time !== undefined && isTimeText(time) ? time : undefined;
}

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
