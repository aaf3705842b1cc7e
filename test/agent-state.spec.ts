import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { eventually } from './fixtures/eventually.js';
import { InsectDetectFolder, type SessionPlan } from './fixtures/insect-detect-folder.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

const PLAN: SessionPlan = {
  generation: 'v2',
  start: '2026-05-03T13:00:00',
  session: 12,
  tracks: 2,
  cropsPerTrack: 3,
};
const NEXT: SessionPlan = { ...PLAN, start: '2026-05-04T13:00:00', session: 13 };
const TRAP = 'full-1';
/** Long enough for a dozen tries, had they no pause between them. */
const WHILE_MS = 1500;

let station: Station;
let folder: string;
let recorded: InsectDetectFolder;
let settings: string;
/** Ends those that a test that failed has left. */
const started: (() => void)[] = [];
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_RECEIPT_WAIT_S: '1' });
});
afterAll(() => station.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
  recorded = new InsectDetectFolder(join(folder, 'data'));
  settings = agentSettings(folder, station, TRAP, await station.addTrap(TRAP));
});
afterEach(() => {
  for (const end of started.splice(0)) end();
  rmSync(folder, { recursive: true, force: true });
});

const storedCrops = async () =>
  (await allRuns(station, `&trap=${TRAP}`)).reduce((sum, run) => sum + run.storedCrops, 0);

/** The agent where no file takes a byte, as on a disk that is full; whatever is there can be read. */
function startOnFullDisk(args: string) {
  const agent = `exec '${process.execPath}' '${resolve('dist/apps/agent/main.js')}' --config '${settings}'`;
  const child = spawn('sh', ['-c', `ulimit -f 0; ${agent} ${args}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  started.push(() => child.kill('SIGKILL'));
  const ended = once(child, 'close').then(([status]) => status as number | null);
  return { said: () => output, kill: () => child.kill('SIGTERM'), ended };
}

describe('an agent that cannot note what it sends', () => {
  it('sends nothing, says so once, and goes on when it can', async () => {
    await recorded.add(PLAN);
    expect(await RunningAgent.start(settings, '--once').ended).toMatchObject({ status: 0 });
    expect(await storedCrops()).toBe(6);
    await recorded.add(NEXT);
    const agent = startOnFullDisk('');
    await eventually(() => agent.said().includes('cannot be noted'));
    await delay(WHILE_MS);
    agent.kill();
    expect(await agent.ended).toBe(0);
    expect(agent.said().match(/cannot be noted in .*: EFBIG.*: nothing is sent/g)).toHaveLength(1);
    expect(await storedCrops()).toBe(6);
    expect(await RunningAgent.start(settings, '--once').ended).toMatchObject({ status: 0 });
    expect(await storedCrops()).toBe(12);
    expect(readdirSync(join(folder, 'state', TRAP)).every((name) => name.endsWith('.jsonl'))).toBe(true);
  });

  it('ends with 1 and the reason when it was to send what is there', async () => {
    await recorded.add(PLAN);
    const agent = startOnFullDisk('--once');
    expect(await agent.ended).toBe(1);
    expect(agent.said()).toMatch(/not published: full-1\/2026-05-03_13-00-00: what is sent cannot be noted/);
  });
});
