import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from './make-folder.js';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'make-'));
});
afterEach(() => rmSync(place, { recursive: true }));

describe('making a folder', () => {
  it('makes those above it, for their owner alone, and lets be what is there', () => {
    const folder = join(place, 'a', 'b');
    makeFolder(folder);
    writeFileSync(join(folder, 'kept'), '');
    makeFolder(`${folder}/`);
    expect(readdirSync(folder)).toEqual(['kept']);
    expect([join(place, 'a'), folder].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  it('fails where a file is in the way', () => {
    writeFileSync(join(place, 'file'), '');
    expect(() => makeFolder(join(place, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(place, 'file', 'a', 'b'))).toThrow(/EEXIST|ENOTDIR/);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('fails, and does not try for ever, where no folder can be made', () => {
    expect(() => makeFolder('/proc/none/at-all')).toThrow('/proc/none');
  });
});
