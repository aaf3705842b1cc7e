import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../libs/config/index.js';
import type { DemoOptions } from './demo-config.js';

const MAIN = fileURLToPath(new URL('../../simulator/main.js', import.meta.url));
const RUNS_PER_SESSION = 5;
const LIVE_RUNS_PER_MINUTE = 12;
/** Of each kind: a drawing for every crop would take most of the time that the demo has to fill its pages. */
const DRAWINGS = 80;

/** The simulated traps, in a process of their own. */
export class Simulator {
  private constructor(private readonly child: ChildProcess) {}

  /** @param onLine gets each line that it says */
  static start({ traps, days }: DemoOptions, config: Config, onLine: (line: string) => void): Simulator {
    const season = [
      '--traps',
      traps,
      '--days',
      days,
      '--runs',
      RUNS_PER_SESSION,
      '--drawings',
      DRAWINGS,
      '--spike',
    ];
    const args = [...season, '--live', LIVE_RUNS_PER_MINUTE].map(String);
    const child = fork(MAIN, args, {
      // A Ctrl-C is for the demo, which ends the traps first and then the service.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        TRAPLINE_DATA_DIR: config.dataDir,
        TRAPLINE_HTTP_PORT: String(config.httpPort),
        TRAPLINE_MQTT_PORT: String(config.mqtt.port),
      },
    });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream as Readable }).on('line', onLine);
    return new Simulator(child);
  }

  /** Resolves when it has ended, by itself or not. */
  get ended(): Promise<unknown> {
    return this.isRunning ? once(this.child, 'exit') : Promise.resolve();
  }

  /** Lets it end what it is at and compare it. @returns its exit status, 0 = all that was published is stored */
  async stop(): Promise<number> {
    this.child.kill('SIGINT');
    await this.ended;
    return this.child.exitCode ?? 1;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}
