import { randomUUID } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../crops/files.js';

/** Where in the journal the bytes of a crop are. */
export interface JournalOffset {
  /** Name of a file in the journal's folder. */
  readonly segment: string;
  /** Offset of the first byte. */
  readonly position: number;
}

const SEGMENT_BYTES = 64 * 1024 * 1024;
/** A segment of another process may be in use: only what nobody has touched for so long was left behind. */
const FOREIGN_MS = 60 * 60 * 1000;
/** So often a process shows that its segment is in use, and looks for what others left behind. */
const POLL_INTERVAL_MS = FOREIGN_MS / 6;
const ENDING = '.journal';

/**
 * Bytes that are durable before they have a plain file: appended to one file after another, with one sync for all
 * that come together. What a kill leaves half written is never referred to.
 *
 * A full segment that nothing needs any more is written again from its start, under a new name: it has its room on the
 * disk and in memory, so that a sync has nothing but the bytes to write.
 */
export class Journal {
  private current?: { readonly name: string; readonly handle: FileHandle; end: number };
  private readonly closed = new Set<string>();
  private appending = false;
  private mustRetire = false;
  /** Those that are not written again, whatever else they held. */
  private readonly retired = new Set<string>();
  /** A full segment of ours that nothing needs. */
  private spare: string | undefined;
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  /** @param segmentBytes a segment that has as many, or more, is full */
  constructor(
    private readonly folder: string,
    private readonly segmentBytes = SEGMENT_BYTES,
  ) {}

  /**
   * Appends entries; callers take turns. When it resolves, a power cut does not touch them.
   *
   * @returns their places, in order
   */
  async append(entries: readonly Buffer[]): Promise<JournalOffset[]> {
    this.appending = true;
    try {
      return await this.appendNow(entries);
    } finally {
      this.appending = false;
      if (this.mustRetire) await this.retire();
    }
  }

  private async appendNow(entries: readonly Buffer[]): Promise<JournalOffset[]> {
    const segment = await this.segment();
    const places: JournalOffset[] = [];
    let end = segment.end;
    for (const entry of entries) {
      places.push({ segment: segment.name, position: end });
      end += entry.length;
    }
    try {
      const { bytesWritten } = await segment.handle.writev(entries as Buffer[], segment.end);
      if (bytesWritten !== end - segment.end)
        throw new Error('the disk took only a part: it is probably full');
      await segment.handle.datasync();
      // A file that somebody has removed takes bytes as readily as any other, and keeps none. Asked in this thread: the
      // answer is in memory, and a promise costs more.
      if (fstatSync(segment.handle.fd).nlink === 0)
        throw new Error(`the journal's segment ${segment.name} was removed`);
      segment.end = end;
      return places;
    } catch (error) {
      // Whatever stands at its end now, nobody has been told of it: go on in another file.
      await this.leaveSegment();
      throw error;
    }
  }

  /**
   * Begins another segment, and keeps none of those before for later: bytes that nobody may find any more are gone from the
   * disk as soon as `shrink` finds that nothing else in their segment is needed.
   */
  async retire(): Promise<void> {
    this.mustRetire = this.appending;
    if (this.appending) return;
    await this.leaveSegment();
    for (const name of this.closed) this.retired.add(name);
    const { spare } = this;
    this.spare = undefined;
    if (spare) await this.remove(spare);
  }

  /** True where a segment may be no longer needed, or it is time to look for those of others. */
  get mayShrink(): boolean {
    return this.closed.size > 0 || this.isTimeToLook;
  }

  /**
   * Removes segments that hold nothing that is still needed.
   *
   * @param needed is asked after it stands which segments could go, so that what comes to be needed meanwhile counts
   */
  async shrink(needed: () => Promise<ReadonlySet<string>>): Promise<void> {
    const candidates = [...this.closed, ...(this.isTimeToLook ? await this.abandoned() : [])];
    const stillNeeded = await needed();
    for (const name of candidates) {
      if (stillNeeded.has(name)) continue;
      const isRetired = this.retired.delete(name);
      if (this.closed.delete(name) && !isRetired && (await this.keepsAsSpare(name))) continue;
      await this.remove(name);
    }
  }

  async close(): Promise<void> {
    await this.leaveSegment();
    if (this.spare) await this.remove(this.spare);
    this.spare = undefined;
  }

  private async keepsAsSpare(name: string): Promise<boolean> {
    if (this.spare) return false;
    const size = (await stat(join(this.folder, name)).catch(ignoreMissing))?.size ?? 0;
    if (size >= this.segmentBytes) this.spare = name;
    return this.spare === name;
  }

  private async remove(name: string): Promise<void> {
    await unlink(join(this.folder, name)).catch(ignoreMissing);
  }

  private async segment() {
    if (this.current && this.current.end >= this.segmentBytes) await this.leaveSegment();
    if (this.current) return this.current;
    if (await mkdir(this.folder, { recursive: true })) await syncFolder(dirname(this.folder));
    const name = `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}${ENDING}`;
    const handle = await this.openSegment(name);
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
    this.current = { name, handle, end: 0 };
    return this.current;
  }

  private async openSegment(name: string): Promise<FileHandle> {
    const { spare } = this;
    this.spare = undefined;
    const path = join(this.folder, name);
    if (spare) {
      const moved = await rename(join(this.folder, spare), path).then(() => true, ignoreMissing);
      if (moved) return open(path, 'r+');
    }
    return open(path, 'wx');
  }

  private async leaveSegment(): Promise<void> {
    const left = this.current;
    if (!left) return;
    this.current = undefined;
    this.closed.add(left.name);
    await left.handle.close();
  }

  private get isTimeToLook(): boolean {
    return performance.now() - this.lookedAtMs > POLL_INTERVAL_MS;
  }

  /** Segments of processes that ended long ago; our own is marked as in use first. */
  private async abandoned(): Promise<string[]> {
    this.lookedAtMs = performance.now();
    const now = new Date();
    if (this.current) await this.current.handle.utimes(now, now);
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith(ENDING));
    const touchedMs = await Promise.all(
      names.map(
        async (name) => (await stat(join(this.folder, name)).catch(ignoreMissing))?.mtimeMs ?? Infinity,
      ),
    );
    return names.filter(
      (name, i) =>
        name !== this.current?.name &&
        name !== this.spare &&
        now.getTime() - (touchedMs[i] as number) > FOREIGN_MS,
    );
  }
}

/** An entry that is to be read. */
export interface JournalEntry extends JournalOffset {
  readonly bytes: number;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
