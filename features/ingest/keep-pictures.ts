import type { Logger } from 'pino';
import { type Catalog, findState, putState } from '../../libs/database/index.js';
import { type CropId, cropKey, type RunId, runKey } from '../../libs/domain/index.js';
import { buildMessage } from '../../libs/protocol/index.js';
import { type CropStore, cropFilesAfter, type DamagedPicture, damagedPictures } from '../crops/index.js';
import { listTraps } from '../traps/index.js';
import type { PictureCheck } from './picture-check.js';

/** One step reads so much at most, and there is one step in a second: the disk is for others. */
const STEP_PICTURES = 32;
const STEP_BYTES = 4 * 1024 * 1024;
/** What was read since is read again after a kill. */
const NOTE_EVERY_MS = 30_000;
/** Of a trap that has come back. */
const ASKED_AT_ONCE = 500;
const ASK_AGAIN_MS = 6 * 60 * 60_000;
/** A command has 4 KB. */
const CROPS_IN_COMMAND = 40;

interface KeptPictures {
  readonly catalog: Catalog;
  readonly store: CropStore;
  readonly check: PictureCheck;
  /** How often all pictures are read; undefined = never. */
  readonly everyMs: number | undefined;
  readonly receive: (crop: CropId, bytes: Buffer) => Promise<unknown>;
  /** Rejects where the trap cannot be told now. */
  readonly publish: (topic: string, payload: string) => Promise<void>;
  readonly log: Logger;
}

/** Reads all pictures once in a while, slowly, and brings those back that are damaged. */
export class PictureKeeper {
  private round: Awaited<ReturnType<typeof findState<'pictures'>>>;
  private notedAtMs = 0;
  /** Passed over by the next look for damaged pictures. */
  private offset = 0;
  /** When a trap was last asked to send a run's pictures again. */
  private readonly asked = new Map<string, number>();

  constructor(private readonly parts: KeptPictures) {}

  /** Reads the next few pictures. @returns how many */
  async readSome(nowMs: number): Promise<number> {
    const { catalog, store, check, everyMs, log } = this.parts;
    if (everyMs === undefined) return 0;
    this.round ??= await findState(catalog.reader, 'pictures');
    if (!this.round || (this.round.endedAtMs !== undefined && nowMs >= this.round.startedAtMs + everyMs))
      this.round = { startedAtMs: nowMs, checked: 0, damaged: 0 };
    if (this.round.endedAtMs !== undefined) return 0;
    const page = firstBytes(await cropFilesAfter(catalog.reader, this.round.after, STEP_PICTURES));
    const damaged = await store.verify(page);
    await check.note(damaged);
    const sum = { checked: this.round.checked + page.length, damaged: this.round.damaged + damaged.length };
    const last = page.at(-1);
    const after = last && { trapId: last.trapId, runId: last.runId, cropId: last.cropId };
    this.round = after
      ? { ...this.round, ...sum, after }
      : { startedAtMs: this.round.startedAtMs, ...sum, endedAtMs: nowMs };
    if (!after && sum.checked > 0) log.info(sum, 'all pictures were read');
    if (!after || nowMs - this.notedAtMs > NOTE_EVERY_MS) await this.noteRound(nowMs);
    return page.length;
  }

  /** Looks for the bytes of damaged pictures, and asks the traps for what is nowhere else. @returns true where there is more */
  async heal(nowMs: number): Promise<boolean> {
    const { check, receive, log } = this.parts;
    const { looked, healed, left } = await check.heal(this.offset, receive);
    if (healed) log.info({ healed }, 'damaged pictures are back');
    await this.ask(left, nowMs);
    this.offset = looked ? this.offset + left.length : 0;
    return looked > 0;
  }

  /** A trap is online: it is asked for its pictures that are damaged. */
  async greet(trapId: string, nowMs: number): Promise<void> {
    const pictures = await damagedPictures(this.parts.catalog.reader, {
      trapId,
      limit: ASKED_AT_ONCE,
      offset: 0,
    });
    await this.ask(pictures, nowMs);
  }

  /** How far the reading is, for the next start. */
  async stop(): Promise<void> {
    if (this.round) await this.noteRound(Date.now());
  }

  private async noteRound(nowMs: number): Promise<void> {
    if (!this.round) return;
    await putState(this.parts.catalog.db, 'pictures', this.round);
    this.notedAtMs = nowMs;
  }

  private async ask(pictures: readonly CropId[], nowMs: number): Promise<void> {
    const runs = new Map<string, { readonly run: RunId; readonly crops: string[] }>();
    for (const { trapId, runId, cropId } of pictures) {
      const key = runKey({ trapId, runId });
      const known = runs.get(key) ?? { run: { trapId, runId }, crops: [] };
      known.crops.push(cropId);
      runs.set(key, known);
    }
    if (!runs.size) return;
    const traps = new Map((await listTraps(this.parts.catalog.reader)).map((trap) => [trap.trapId, trap]));
    for (const [key, { run, crops }] of runs) {
      const trap = traps.get(run.trapId);
      // No broker keeps a command for a trap that is away: it is asked when it has come back.
      if (trap?.state === 'offline' || trap?.state === 'sleeping') continue;
      const askedMs = this.asked.get(key) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - askedMs < ASK_AGAIN_MS && (trap?.stateAtMs ?? 0) <= askedMs) continue;
      const { trapId, runId } = run;
      const commandId = `resend-${nowMs.toString(36)}-${this.asked.size}`;
      const { topic, payload } = buildMessage(
        'command',
        { trapId, commandId },
        { do: 'resend', run: runId, crops: crops.slice(0, CROPS_IN_COMMAND) },
      );
      const isSent = await this.parts.publish(topic, payload as string).then(
        () => true,
        () => false,
      );
      if (isSent) this.asked.set(key, nowMs);
    }
  }
}

/** At least one picture, and no more than the disk should read at once. */
function firstBytes<T extends { readonly bytes: number }>(pictures: readonly T[]): readonly T[] {
  let bytes = 0;
  const end = pictures.findIndex((picture) => {
    bytes += picture.bytes;
    return bytes > STEP_BYTES;
  });
  return end < 0 ? pictures : pictures.slice(0, Math.max(1, end));
}

/** For the log: what lists of thousands would be useless for. */
export const namesOf = (pictures: readonly DamagedPicture[]): string[] => pictures.slice(0, 5).map(cropKey);
