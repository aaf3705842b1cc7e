import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { relative } from 'node:path';
import archiver from 'archiver';

/**
 * What most services do: `archiver-service.js <list of paths> <root>`, a process that answers every request with these
 * files as an archive of archiver's, stored and not deflated.
 */
const [list = '', root = ''] = process.argv.slice(2);
const paths: string[] = JSON.parse(readFileSync(list, 'utf8'));
const server = createServer((_request, response) => {
  const archive = archiver('zip', { store: true });
  archive.on('error', (error) => response.destroy(error));
  response.on('close', () => archive.abort());
  archive.pipe(response);
  for (const path of paths) archive.file(path, { name: relative(root, path) });
  void archive.finalize();
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit(0));
