import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { crc32 } from 'node:zlib';
import { ModelError, reason } from '../card/model-error.js';
import { ModelSession } from '../session/model-session.js';
import type { FromChild, Source, ToChild } from './child-process.js';
import { classifyBatch, type Loaded } from './classify-batch.js';

// The program of a classifier process. It ends when its parent disconnects or dies; signals that a terminal or
// systemd sends to the whole group must not end it in the middle of a batch, where ONNX Runtime would abort.
const NICENESS = 19;

let session: ModelSession | undefined;
let work: Promise<void> = Promise.resolve();

function send(message: FromChild): void {
  // A parent that was killed takes nothing more; 'disconnect' ends this process then.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

async function open({ modelPath, card, rewrites }: ToChild & { type: 'open' }): Promise<void> {
  try {
    session = await ModelSession.open(modelPath, card, rewrites ? 'by-image' : 'plain');
    send({ type: 'ready', level: session.way });
  } catch (error) {
    // What is no fault of the model is one of the disk, or of the memory.
    const code = error instanceof ModelError ? error.code : 'start-failed';
    send({ type: 'unusable', code, message: reason(error) });
  }
}

// At once rather than in turns: this process has nothing else to do, and the file was written a moment ago.
function load(source: Source): Loaded {
  if (source.path === undefined) return source;
  try {
    const bytes = readFileSync(source.path);
    if (source.crc32 !== undefined && crc32(bytes) !== source.crc32) throw otherBytes(source.path);
    return { key: source.key, bytes };
  } catch (error) {
    return { key: source.key, error: error as NodeJS.ErrnoException };
  }
}

const otherBytes = (path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${path} has other bytes than those that were stored`), { code: 'EBADMSG' });

async function classify(sources: readonly Source[]): Promise<void> {
  if (!session) throw new Error('a batch came before the model');
  send({ type: 'results', results: await classifyBatch(session, sources.map(load)) });
}

process.on('message', (message: ToChild) => {
  if (message.type === 'open') {
    work = open(message);
    return;
  }
  work = work.then(() => classify(message.sources));
});
process.on('disconnect', () => void work.finally(() => process.exit(0)));
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

try {
  setPriority(NICENESS);
} catch {
  // Not allowed everywhere, and only a courtesy.
}
