import { createWriteStream, type WriteStream } from 'node:fs';
import { type CropBytes, sha256 } from '../messages/crop-bytes.js';
import type { Outgoing } from '../messages/outgoing.js';
import type { Run } from '../season/season.js';
import type { BeginEntry, Entry, SessionEntry } from './entry.js';

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
}
