import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentSettings, RunningAgent } from '../test/fixtures/agent.js';
import { crop } from '../test/fixtures/crops.js';
import { Station } from '../test/fixtures/station.js';

const TRACKS_CROPS = 20;
const HEADER =
  'device_id,session_id,timestamp,label,confidence,track_id,track_status,x_min,y_min,x_max,y_max,lens_position,iso_sensitivity,exposure_time,filename';
/** A file can have some ten thousand names only. */
const MOST_LINKS = 10_000;
const POLL_INTERVAL_MS = 50;

/**
 * Memory and speed of the agent on a card with many small crops: `npm run bench -- agent [crops] [sessions]`. The
 * classifier is off, so that the agent waits for nothing but the disk.
 */
export async function agent([crops = '100000', sessions = '50']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
  const station = await Station.startAsInUse({ TRAPLINE_CLASSIFIERS: '0' });
  try {
    await layOut(folder, Number(crops), Number(sessions));
    const settings = agentSettings(folder, station, 'trap-1', station.trapPassword, { receiptWaitS: 150 });
    const startedAt = performance.now();
    const running = RunningAgent.start(settings, '--once');
    let peakMb = 0;
    const timer = setInterval(() => {
      peakMb = Math.max(peakMb, peakOf(running.pid));
    }, POLL_INTERVAL_MS);
    const { status, output } = await running.ended;
    clearInterval(timer);
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(output.trimEnd().split('\n').at(-1));
    console.log(
      `exit ${status}; ${crops} crops in ${sessions} sessions: at most ${peakMb.toFixed(0)} MB resident, ${(Number(crops) / seconds).toFixed(0)} crops per second with a receipt`,
    );
  } finally {
    await station.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The most that was resident, in MB as `top` shows it; 0 once the process is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function layOut(folder: string, crops: number, sessions: number): Promise<void> {
  const picture = await crop('red', 1, 16);
  const perSession = Math.ceil(crops / sessions);
  let links = 0;
  let source = '';
  for (let session = 0; session < sessions; session += 1) {
    const startMs = Date.UTC(2026, 4, 1) + session * 3 * 3_600_000;
    const name = new Date(startMs).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
    const path = join(folder, 'data', name.slice(0, 10), name);
    mkdirSync(join(path, 'crops', 'insect'), { recursive: true });
    const rows = [HEADER];
    for (let i = 0; i < perSession; i += 1) {
      const track = Math.floor(i / TRACKS_CROPS) + 1;
      const at = new Date(startMs + i * 20).toISOString().slice(0, 23);
      const frame = `host_${at.replace('T', '_').replace(/[:.]/g, '-')}000`;
      rows.push(
        `host,${session},${at}000,insect,0.9,${track},TRACKED,0.1,0.1,0.2,0.2,130,200,8.3,${frame}.jpg`,
      );
      const target = join(path, 'crops', 'insect', `${frame}_ID${track}_crop.jpg`);
      if (links % MOST_LINKS === 0) {
        source = target;
        writeFileSync(target, picture);
      } else linkSync(source, target);
      links += 1;
    }
    writeFileSync(join(path, `${name}_metadata.csv`), `${rows.join('\n')}\n`);
  }
}
