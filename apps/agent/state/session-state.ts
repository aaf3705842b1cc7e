import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { microsOf } from '../folder/time/taken-at.js';
import { lineOf, RunState, type StateLine } from './run-state.js';

const SYNC_EVERY_MS = 2000;
/** The last line of a session that is published holds its signature and nothing else. */
const LAST_LINE_BYTES = 256;

/**
 * What of a session the service has: a file of its own, to which is appended what was acknowledged. After a power cut the
 * last line can be half; what it said is sent again, and stored once all the same.
 */
export class SessionState {
  private file: FileHandle | undefined;
  private writing: Promise<void> = Promise.resolve();
  private syncedAt = 0;
  private readonly runs = new Map<string, RunState>();
  sessionId: string | undefined;
  signature: string | undefined;
  said: string | undefined;
  readingsTo = 0;

  private constructor(private readonly path: string) {}

  /** @param name of the session's folder */
  static async open(stateFolder: string, name: string): Promise<SessionState> {
    const state = new SessionState(pathOf(stateFolder, name));
    const text = await readFile(state.path, 'utf8').catch(ifMissing);
    for (const line of (text ?? '').split('\n')) state.take(lineOf(line));
    return state;
  }

  run(runId: string): RunState {
    const known = this.runs.get(runId) ?? new RunState();
    this.runs.set(runId, known);
    return known;
  }

  /** Crops that the service cannot take: run/crop, and why. */
  rejected(): [crop: string, code: string][] {
    return [...this.runs].flatMap(([run, state]) =>
      [...state.rejected].map(([crop, code]): [string, string] => [`${run}/${crop}`, code]),
    );
  }

  /** Resolves when it is written; the disk may take a second more. */
  note(line: StateLine): Promise<void> {
    this.take(line);
    this.writing = this.writing.then(() => this.append(line));
    return this.writing;
  }

  /**
   * Everything is published: writes the file anew, with nothing in it that was overtaken.
   *
   * @param unread how much of the session could not be read
   */
  async finish(signature: string, unread = 0): Promise<void> {
    await this.writing;
    await this.close();
    const lines: StateLine[] = [
      { v: 1, session: this.sessionId as string },
      { said: this.said as string, readingsTo: this.readingsTo },
      ...[...this.runs].map(([run, state]) => ({ run, ...state.asLine() })),
      { signature, ...(unread > 0 && { unread }) },
    ];
    // Of its own name: a second agent may be at work on the same folder.
    const fresh = `${this.path}.${randomUUID()}.new`;
    const file = await open(fresh, 'w');
    try {
      for (const line of lines) await file.write(`${JSON.stringify(line)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.path);
    await syncFolder(dirname(this.path));
    this.signature = signature;
  }

  async close(): Promise<void> {
    await this.writing.catch(() => {});
    const { file } = this;
    this.file = undefined;
    await file?.datasync();
    await file?.close();
  }

  private take(line: StateLine | undefined): void {
    if (!line) return;
    this.sessionId = line.session ?? this.sessionId;
    // What was written behind it was published later.
    this.signature = line.signature;
    this.said = line.said ?? this.said;
    this.readingsTo = line.readingsTo ?? this.readingsTo;
    if (line.run === undefined) return;
    const run = this.run(line.run);
    run.acknowledge((line.acked ?? []).flatMap((crop) => microsOf(crop) ?? []));
    run.miss((line.missing ?? []).flatMap((crop) => microsOf(crop) ?? []));
    for (const [crop, code] of line.rejected ?? []) run.rejected.set(crop, code);
    if (line.done !== undefined) run.setDone(line.done);
  }

  private async append(line: StateLine): Promise<void> {
    if (!this.file) {
      mkdirSync(dirname(this.path), { recursive: true });
      this.file = await open(this.path, 'a+');
      // A half line of the last time must not swallow this one.
      const { size } = await this.file.stat();
      if (size > 0) await this.file.write('\n');
    }
    await this.file.write(`${JSON.stringify(line)}\n`);
    const nowMs = Date.now();
    if (line.done === undefined && Math.abs(nowMs - this.syncedAt) < SYNC_EVERY_MS) return;
    this.syncedAt = nowMs;
    await this.file.datasync();
  }
}

/** How a session's folder looked when all of it was published, and how much of it could not be read. */
export interface Published {
  readonly signature: string;
  readonly unread: number;
}

/** @returns undefined where it is not published yet */
export async function publishedAs(stateFolder: string, name: string): Promise<Published | undefined> {
  const file = await open(pathOf(stateFolder, name)).catch(ifMissing);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(LAST_LINE_BYTES),
      0,
      LAST_LINE_BYTES,
      Math.max(0, size - LAST_LINE_BYTES),
    );
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
    const { signature, unread = 0 } = lineOf(lines.at(-1) ?? '') ?? {};
    return signature === undefined ? undefined : { signature, unread };
  } finally {
    await file.close();
  }
}

/** Where a session's notes are. */
export const pathOf = (stateFolder: string, name: string): string => join(stateFolder, `${name}.jsonl`);

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** @throws anything but that there is no such file */
export function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return undefined;
}
