import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceKeys } from './signing-keys.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'service.key');
const bytesOf = (keys: ServiceKeys, purpose: 'logins' | 'links') =>
  keys.for(purpose).export().toString('hex');

describe('the service’s own key', () => {
  it('is made once, for its owner only, and stays', async () => {
    const first = bytesOf(await ServiceKeys.open(folder), 'logins');
    expect(bytesOf(await ServiceKeys.open(folder), 'logins')).toBe(first);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['service.key']);
  });

  it('is the same for all who start at the same time', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => ServiceKeys.open(folder)));
    expect(new Set(opened.map((keys) => bytesOf(keys, 'logins'))).size).toBe(1);
  });

  it('is another one for each purpose and each data folder', async () => {
    const keys = await ServiceKeys.open(folder);
    const elsewhere = await ServiceKeys.open(join(folder, 'new'));
    const all = [keys, elsewhere].flatMap((each) => [bytesOf(each, 'logins'), bytesOf(each, 'links')]);
    expect(new Set(all).size).toBe(4);
  });

  it('is never made of a file that is something else', async () => {
    for (const text of ['', 'short']) {
      writeFileSync(file(), text);
      await expect(ServiceKeys.open(folder)).rejects.toThrow(/service\.key does not hold a key/);
      expect(readFileSync(file(), 'utf8')).toBe(text);
    }
  });
});
