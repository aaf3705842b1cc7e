import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';

export interface Fetched {
  readonly firstByteMs: number;
  readonly bytes: number;
  readonly megabytesPerS: number;
  /** By how much the resident memory of the process grew at most, in MB. */
  readonly memoryMb: number;
}

const SAMPLE_MS = 20;
const MB = 1e6;

/** Takes a body as fast as it comes and keeps nothing of it, and watches the memory of the process that sends it. */
export async function fetchFast(
  url: string,
  pid: number,
  headers: Record<string, string> = {},
): Promise<Fetched> {
  const before = residentBytes(pid);
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid));
  }, SAMPLE_MS);
  const startedAt = performance.now();
  let firstByteMs = 0;
  let bytes = 0;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get(url, { headers, agent: false }, resolve).on('error', reject),
    );
    if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
    await new Promise<void>((resolve, reject) => {
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) firstByteMs = performance.now() - startedAt;
        bytes += chunk.length;
      });
      response.on('end', resolve).on('error', reject);
    });
  } finally {
    clearInterval(watch);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    firstByteMs,
    bytes,
    megabytesPerS: bytes / MB / seconds,
    memoryMb: (Math.max(peak, residentBytes(pid)) - before) / MB,
  };
}

function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
