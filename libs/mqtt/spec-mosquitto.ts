import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const FOLDERS = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/sbin',
];

/** The Mosquitto of this machine; the tests that need it are skipped without it. */
export const MOSQUITTO = FOLDERS.map((folder) => join(folder, 'mosquitto')).find((path) => existsSync(path));
export const NO_MOSQUITTO = MOSQUITTO ? '' : ' (skipped: no mosquitto on this machine)';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A real Mosquitto in a folder of its own; it keeps folder and port when it is started again. */
export class Mosquitto {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly folder: string,
  ) {}

  static async create(
    configuration: string | ((folder: string) => string) = 'allow_anonymous true',
  ): Promise<Mosquitto> {
    const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'));
    const port = await freePort();
    const more = typeof configuration === 'string' ? configuration : configuration(folder);
    // Started by root it would change to an account that cannot read the folder.
    const persistence = `user ${userInfo().username}\npersistence true\npersistence_location ${folder}/\n`;
    await writeFile(join(folder, 'test.conf'), `listener ${port} 127.0.0.1\n${persistence}${more}\n`);
    return new Mosquitto(port, folder);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#process = spawn(MOSQUITTO as string, ['-c', join(this.folder, 'test.conf')], { stdio: 'ignore' });
    for (let i = 0; i < 200; i++) {
      const socket = createConnection(this.port, '127.0.0.1');
      const isUp = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isUp) return;
      await delay(20);
    }
    throw new Error('mosquitto does not start');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** It stays connected and answers nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** SIGUSR1 makes it write its state to disk, as `autosave_interval` does from time to time. */
  async save(): Promise<void> {
    this.#process?.kill('SIGUSR1');
    await delay(100);
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}
