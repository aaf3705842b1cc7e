/** Behind the last test. */
export default async function tearDown() {
  await globalThis.traplinePostgres?.close();
}
