import { plural } from '../../libs/domain/index.js';
import type { Agent, AgentParts } from './agent.js';
import { megabytes } from './progress.js';
import { surveySession } from './survey.js';

/** Says what would be published, and what is odd about it. Nothing is sent or written. */
export async function dryRun(agent: Agent, parts: AgentParts): Promise<void> {
  const { stdout } = process;
  const sum = { sessions: 0, runs: 0, crops: 0, bytes: 0, cut: 0 };
  for (const { folder } of await agent.pending()) {
    const found = await surveySession(folder, parts).catch((error: Error) => error);
    if (found instanceof Error) {
      parts.way.tally.unread.set(folder.name, found.message);
      stdout.write(`${folder.name}: cannot be read: ${found.message}\n`);
      continue;
    }
    const odd = found.oddities.length ? `; ${found.oddities.join(', ')}` : '';
    stdout.write(
      `${found.name}: session ${found.sessionId}, ${plural(found.runs, 'run')}, ${plural(found.crops, 'crop')} (${found.cut} to be cut), ${megabytes(found.bytes)} MB, ${found.published} published before${odd}\n`,
    );
    sum.sessions += 1;
    for (const figure of ['runs', 'crops', 'bytes', 'cut'] as const) sum[figure] += found[figure];
  }
  stdout.write(
    `nothing was sent: ${parts.trapId} would publish ${plural(sum.sessions, 'session')}, ${plural(sum.runs, 'run')}, ${plural(sum.crops, 'crop')} (${sum.cut} to be cut), ${megabytes(sum.bytes)} MB\n`,
  );
}
