import { type RefusedEntry, readLedger } from './ledger.js';
import type { Service } from './service.js';

/** Runs of these traps that came since the ledger began and do not stand in it. */
export async function extraRuns(
  path: string,
  trapIds: readonly string[],
  beganMs: number,
  service: Service,
): Promise<string[]> {
  const published = new Set<string>();
  for await (const entry of readLedger(path))
    if (entry.is === 'run') published.add(`${entry.trapId}/${entry.runId}`);
  const differences: string[] = [];
  for (const trapId of trapIds) {
    const seen = new Set<string>();
    for await (const { runId, receivedAt } of service.runs(trapId)) {
      if (seen.has(runId)) differences.push(`${trapId}/${runId} is listed twice`);
      seen.add(runId);
      const isNew = Date.parse(receivedAt.first) >= beganMs;
      if (isNew && !published.has(`${trapId}/${runId}`))
        differences.push(`${trapId}/${runId} was never published`);
    }
  }
  return differences;
}

/** Sessions without which nobody knows how long the traps watched. */
export async function sessionDifferences(
  path: string,
  trapIds: readonly string[],
  service: Service,
): Promise<string[]> {
  const published = new Map<string, Map<string, number>>(trapIds.map((trapId) => [trapId, new Map()]));
  for await (const entry of readLedger(path))
    if (entry.is === 'session') published.get(entry.trapId)?.set(entry.sessionId, entry.minutes);
  const differences: string[] = [];
  for (const [trapId, sessions] of published) {
    const stored = new Map<string, number | null>();
    for await (const { sessionId, minutes } of service.sessions(trapId)) stored.set(sessionId, minutes);
    for (const [sessionId, minutes] of sessions) {
      const name = `session ${trapId}/${sessionId}`;
      if (!stored.has(sessionId)) differences.push(`${name} is not stored`);
      else if (stored.get(sessionId) !== minutes)
        differences.push(`${name} has ${stored.get(sessionId)} minutes, ${minutes} were published`);
    }
  }
  return differences;
}

type Letter = Pick<RefusedEntry, 'topic' | 'code' | 'sha256'>;
const keyOf = ({ topic, code, sha256 }: Letter) => `${topic} as ${code}, sha256 ${sha256}`;

/** What had to be refused and was not, and what was refused without need. */
export async function letterDifferences(
  path: string,
  trapIds: readonly string[],
  beganMs: number,
  service: Service,
): Promise<string[]> {
  const missing = new Set<string>();
  for await (const entry of readLedger(path)) if (entry.is === 'refused') missing.add(keyOf(entry));
  const ours = new Set(trapIds);
  const expected = new Set(missing);
  const differences: string[] = [];
  for await (const letter of service.deadLetters()) {
    missing.delete(keyOf(letter));
    const isNew = letter.trapId !== null && ours.has(letter.trapId) && Date.parse(letter.lastAt) >= beganMs;
    if (isNew && !expected.has(keyOf(letter))) differences.push(`${keyOf(letter)}, is refused without need`);
  }
  return [...[...missing].map((key) => `${key}, is not among the dead letters`), ...differences];
}
