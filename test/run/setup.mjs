import { PostgresOfTheRun } from './postgres.mjs';

/** Before the first test; the processes that run them start later, and see its environment. */
export default async function setUp() {
  const postgres = new PostgresOfTheRun();
  globalThis.traplinePostgres = postgres;
  process.env.TRAPLINE_TEST_POSTGRES_AT = await postgres.listen();
}
