import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';

const FOLDER = 'dist/web/assets';
const LARGEST_SCRIPT_BYTES = 100_000;

const files = readdirSync(FOLDER);
const page = readFileSync('dist/web/index.html', 'utf8');

describe('the bundle of the page', () => {
  it('has less than 100 kB of script, all pages together', () => {
    const scripts = files.filter((name) => name.endsWith('.js'));
    const bytes = scripts.map((name) => gzipSync(readFileSync(join(FOLDER, name))).length);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(LARGEST_SCRIPT_BYTES);
  });

  it('has a hash in the name of every file, so that browsers may keep it', () => {
    expect(files.filter((name) => !/^[\w-]+-[A-Z0-9]{8}\.(js|css|svg)$/.test(name))).toEqual([]);
  });

  it('is a page that a policy without inline scripts and styles takes, and that names nothing outside', () => {
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=|https?:/);
    const named = [...page.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThanOrEqual(3);
    expect(files).toEqual(expect.arrayContaining(named));
  });
});
