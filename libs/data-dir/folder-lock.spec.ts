import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimFolder, FolderInUseError, serveFolder, shareFolder } from './folder-lock.js';

let folder: string;
let other: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-lock-'));
});
afterEach(() => {
  other?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that has the folder. */
async function elsewhere(how: string, file = 'folder.lock'): Promise<ChildProcess> {
  const script = `
    const { DatabaseSync } = await import('@photostructure/sqlite');
    const lock = new DatabaseSync(${JSON.stringify(join(folder, file))});
    lock.exec(${JSON.stringify(how)});
    console.log('held');
    setInterval(() => lock.isOpen, 1000);`;
  other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(other.stdout as NodeJS.ReadableStream, 'data');
  return other;
}

const SHARED = 'begin; select count(*) from sqlite_master';

describe('a data folder', () => {
  it('may be shared by many, and is not to be had alone meanwhile', async () => {
    const child = await elsewhere(SHARED);
    const mine = shareFolder(folder);
    expect(() => claimFolder(folder)).toThrow(FolderInUseError);
    mine.release();
    expect(() => claimFolder(folder)).toThrow(/stop it first/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    claimFolder(folder).release();
  });

  it('that one has alone is shared by nobody', async () => {
    await elsewhere('begin exclusive');
    expect(() => shareFolder(folder)).toThrow(/a restore is at work/);
  });

  it('has one service at a time, and commands beside it', async () => {
    const shared = shareFolder(folder);
    await elsewhere('begin exclusive', 'folder.lock-service');
    expect(() => serveFolder(folder)).toThrow(/another Trapline service runs .*TRAPLINE_DATA_DIR/);
    shared.release();
    other?.kill('SIGKILL');
    await once(other as ChildProcess, 'exit');
    serveFolder(folder).release();
  });
});
