import { parentPort, workerData } from 'node:worker_threads';
import { DatabaseSync } from '@photostructure/sqlite';
import type { FromThread, ScanThreadData, ToThread } from './scanner.js';

/**
 * The other side of `sqliteThreadDialect`: a connection that only reads, in a thread whose loop may stand still for
 * as long as a statement takes. Rows go over in parts, since to unpack them all at once would hold up the receiver.
 */
const ROWS_AT_ONCE = 500;

const { file, patienceMs } = workerData as ScanThreadData;
const db = new DatabaseSync(file, { readOnly: true });
// Sorting happens in memory: what is left to sort has been counted together before.
db.exec(
  `pragma busy_timeout=${patienceMs}; pragma query_only=ON; pragma cache_size=-16000; pragma temp_store=MEMORY`,
);
const rest = new Map<number, unknown[]>();

parentPort?.on('message', (message: ToThread) => {
  const { id } = message;
  if (message.sql === undefined) return send(id);
  try {
    rest.set(id, db.prepare(message.sql).all(...(message.parameters as never[])));
  } catch (error) {
    const { message: text, errcode } = error as Error & { errcode?: number };
    return post({ id, error: { message: text, ...(errcode !== undefined && { errcode }) } });
  }
  send(id);
});

function send(id: number): void {
  const rows = rest.get(id) ?? [];
  const some = rows.splice(0, ROWS_AT_ONCE);
  if (!rows.length) rest.delete(id);
  post({ id, rows: some, more: rows.length > 0 });
}

function post(message: FromThread): void {
  parentPort?.postMessage(message);
}
