import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type CropBytes, sha256 } from '../messages/crop-bytes.js';
import type { Outgoing } from '../messages/outgoing.js';
import type { Run } from '../season/season.js';

/** What was published and acknowledged, in a file of one JSON document a line: memory stays small in long simulations. */
export class Ledger {
  runs = 0;
  crops = 0;
  private readonly file: WriteStream;

  constructor(
    readonly path: string,
    begin: Omit<BeginEntry, 'is' | 'v'>,
  ) {
    this.file = createWriteStream(path);
    this.write({ is: 'ledger', v: 1, ...begin });
  }

  run({ trapId, runId }: Run, crops: readonly CropBytes[], clockWrong: boolean): void {
    const stored = crops.filter(({ crop }) => crop.damage !== 'zeros');
    const truncated = stored.filter(({ crop }) => crop.damage === 'truncated');
    this.runs += 1;
    this.crops += stored.length;
    this.write({
      is: 'run',
      trapId,
      runId,
      crops: stored.map(({ crop, sha256 }) => [crop.cropId, sha256] as const),
      truncated: truncated.map(({ crop }) => crop.cropId),
      clockWrong,
    });
  }

  session(session: Omit<SessionEntry, 'is'>): void {
    this.write({ is: 'session', ...session });
  }

  refused({ topic, payload, refusedAs }: Outgoing, trapId: string): void {
    if (refusedAs) this.write({ is: 'refused', trapId, topic, code: refusedAs, sha256: sha256(payload) });
  }

  /** Resolves when everything so far can be read in the file. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.file.write('', (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.file.end(resolve));
  }

  private write(entry: Entry): void {
    this.file.write(`${JSON.stringify(entry)}\n`);
  }
} /** What was published and must be stored, line by line: a run when all of it is acknowledged. */
type Entry = BeginEntry | RunEntry | SessionEntry | RefusedEntry;

interface BeginEntry {
  readonly is: 'ledger';
  readonly v: 1;
  readonly trapIds: readonly string[];
  /** By the service's own clock, milliseconds since 1970. */
  readonly beganMs: number;
}

export interface RunEntry {
  readonly is: 'run';
  readonly trapId: string;
  readonly runId: string;
  /** Crops that must be stored, with the SHA-256 of their bytes. */
  readonly crops: readonly (readonly [cropId: string, sha256: string])[];
  /** Those of them whose end is missing. */
  readonly truncated: readonly string[];
  readonly clockWrong: boolean;
}

interface SessionEntry {
  readonly is: 'session';
  readonly trapId: string;
  readonly sessionId: string;
  readonly minutes: number;
}

/** A message that must be among the dead letters. */
export interface RefusedEntry {
  readonly is: 'refused';
  readonly trapId: string;
  readonly topic: string;
  readonly code: string;
  readonly sha256: string;
}

/** The entries of a ledger, in the order of their writing. A last line that was cut off is left out. */
export async function* readLedger(path: string): AsyncGenerator<Entry> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const entry = parse(line);
    if (!entry) return;
    yield entry;
  }
}

/** @throws Error if the file is no ledger */
export async function beginOf(path: string): Promise<BeginEntry> {
  for await (const entry of readLedger(path)) {
    if (entry.is === 'ledger' && entry.v === 1) return entry;
    break;
  }
  throw new Error(`${path} is no ledger of this simulator`);
}

function parse(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
