import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LimitFunction } from 'p-limit';
import {
  cropMessage,
  endMessages,
  type ManifestLine,
  type ReceiptPayload,
} from '../../../libs/protocol/index.js';
import { ifThere } from '../folder/crops/crop-files.js';
import { FrameCutter } from '../folder/crops/cut-crop.js';
import { UncuttableFrame } from '../folder/crops/cut-frame.js';
import type { FoundCrop, FoundRun } from '../folder/run-of-track.js';
import type { TakenAt } from '../folder/time/taken-at.js';
import { unreadable } from '../folder/unreadable.js';
import type { Log } from '../log.js';
import type { SessionState } from '../state/session-state.js';
import type { Bandwidth } from './bandwidth.js';
import type { Link } from './link.js';
import type { PublishStats } from './publish-stats.js';
import { manifestLine, metaMessage, type RunNames, spanOf } from './run-messages.js';

/** A service that again and again lacks what it has acknowledged is not helped by the same once more. */
const ATTEMPTS = 5;

/** What all runs are sent with. */
export interface Publisher {
  readonly link: Link;
  readonly bandwidth: Bandwidth;
  readonly reader: CropReader;
  /** Crops on their way at once. */
  readonly inFlight: LimitFunction;
  readonly receiptWaitMs: number;
  readonly tally: PublishStats;
  readonly log: Log;
  readonly stop: AbortSignal;
}

/**
 * Publishes one run: what is known of it, the crops that the service does not have yet, and its end; again, until the
 * receipt says that it is complete.
 *
 * @returns why it is not published; undefined where it is
 */
export class RunPublisher {
  constructor(
    private readonly way: Publisher,
    private readonly state: SessionState,
    private readonly names: RunNames,
    private readonly run: FoundRun,
    /** Told of crops that are not sent, or not taken. */
    private readonly onUnread: (what: string, why: string) => void,
  ) {}

  async publish(sessionStart: TakenAt): Promise<string | undefined> {
    const span = spanOf(this.run.crops, sessionStart);
    if (!span) return undefined;
    const { names, run, way } = this;
    const known = this.state.run(names.runId);
    if (known.isDone) await this.state.note({ run: names.runId, done: false });
    await way.link.publish(metaMessage(names, run, span));
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const manifest = await this.sendCrops();
      const receipt = await this.end(span.end, manifest);
      if (!receipt) return 'stopped';
      if (receipt.state === 'rejected') return 'the service cannot take this run';
      await this.noteRejected(receipt);
      if (receipt.state === 'complete') {
        await this.state.note({ run: names.runId, done: true });
        way.tally.runs += 1;
        return undefined;
      }
      // Where it does not say what is missing, it is asked to look at all of it.
      const missing = receipt.missing.length ? receipt.missing : manifest.map(({ crop }) => crop);
      await this.state.note({ run: names.runId, missing });
    }
    return `the service still lacks crops after ${ATTEMPTS} attempts`;
  }

  /** Sends what the service does not have, a bounded number at once. @returns the manifest, in time order */
  private async sendCrops(): Promise<ManifestLine[]> {
    const known = this.state.run(this.names.runId);
    const sent = await Promise.allSettled(
      this.run.crops
        .filter(({ cropId }) => !known.rejected.has(cropId))
        .map((crop) => this.way.inFlight(() => this.sendCrop(crop, known.isSettled(crop)))),
    );
    // Nothing of it is under way any more when it fails, and what the others have sent is noted.
    const failed = sent.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    return sent.flatMap((each) => (each.status === 'fulfilled' ? (each.value ?? []) : []));
  }

  private async sendCrop(crop: FoundCrop, isSent: boolean): Promise<ManifestLine | undefined> {
    const { link, bandwidth, reader, tally, stop } = this.way;
    if (stop.aborted) return undefined;
    // One that was sent before is read again for its hash: that costs the disk, and not the network.
    const read = await reader.read(crop);
    if (typeof read === 'string') {
      this.way.log.warn(`${this.names.runId}/${crop.cropId} is not sent: ${read}`);
      this.way.tally.rejected += 1;
      this.onUnread(`${this.names.runId}/${crop.cropId}`, `not sent: ${read}`);
      return undefined;
    }
    const { bytes, sha256 } = read;
    if (!isSent) {
      await bandwidth.take(bytes.length, stop);
      if (stop.aborted) return undefined;
      await link.publish(cropMessage({ ...this.names, cropId: crop.cropId }, bytes));
      await this.state.note({ run: this.names.runId, acked: [crop.cropId] });
      tally.sent(bytes.length);
    }
    return manifestLine(crop, sha256, bytes.length);
  }

  /** Says that the run is over until the service has answered. @returns undefined where we are to stop */
  private async end(end: TakenAt, manifest: readonly ManifestLine[]): Promise<ReceiptPayload | undefined> {
    const { link, stop, receiptWaitMs, tally } = this.way;
    const { runId } = this.names;
    const messages = endMessages(
      this.names,
      { status: 'complete', end: end.at, crops: manifest.length },
      manifest,
    );
    while (!stop.aborted) {
      const answer = link.receipts.wait(runId, receiptWaitMs);
      for (const message of messages) await link.publish(message);
      const receipt = await answer;
      if (!receipt) continue;
      tally.news();
      return receipt;
    }
    return undefined;
  }

  private async noteRejected({ rejected }: ReceiptPayload): Promise<void> {
    const known = this.state.run(this.names.runId);
    for (const { crop, code } of rejected) {
      if (known.rejected.get(crop) === code) continue;
      this.way.log.warn(`${this.names.runId}/${crop} was refused: ${code}`);
      this.way.tally.rejected += 1;
      // It will never be stored: it must not be sent for ever.
      await this.state.note({ run: this.names.runId, rejected: [[crop, code]] });
    }
  }
}

/** Why a crop cannot be sent. */
type Unsendable = 'gone' | 'too-large' | UnreadableFrame;
type UnreadableFrame = `unreadable-frame: ${string}`;

/** Reads crops from their files, or cuts them. The caller closes it. */
export class CropReader {
  private readonly cutter: FrameCutter;

  /** @param cutProgram the compiled cut-program.js; default: the one of the agent */
  constructor(
    private readonly maxBytes: number,
    cutProgram?: URL,
  ) {
    this.cutter = new FrameCutter(cutProgram);
  }

  /** @throws Unreadable */
  async read(crop: FoundCrop): Promise<{ readonly bytes: Uint8Array; readonly sha256: string } | Unsendable> {
    const bytes = crop.cut
      ? await this.cut(crop)
      : await readFile(crop.path).catch(ifThere).catch(unreadable);
    if (typeof bytes === 'string') return bytes;
    if (!bytes?.length) return 'gone';
    if (bytes.length > this.maxBytes) return 'too-large';
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  close(): void {
    this.cutter.close();
  }

  private async cut({ path, detection }: FoundCrop): Promise<Uint8Array | UnreadableFrame | undefined> {
    if (!detection?.box) return undefined;
    return this.cutter.cut(path, detection.box).catch((error: Error) => {
      // A disk that gives an error now may give the frame later, and so may a machine on which sharp is not installed.
      if (!(error instanceof UncuttableFrame)) throw error;
      return `unreadable-frame: ${error.message}` as const;
    });
  }
}
