import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';

const FOLDER = 'dist/web/assets';
const LARGEST_SCRIPT_BYTES = 100_000;

const files = readdirSync(FOLDER);
const page = readFileSync('dist/web/index.html', 'utf8');

const namedIn = (script: string, pattern: RegExp): string[] =>
  [...readFileSync(join(FOLDER, script), 'utf8').matchAll(pattern)].map(([, name]) => name as string);

/** A script and what it imports at once, which a browser loads together. */
function withImports(script: string, found = new Set<string>()): Set<string> {
  if (found.has(script)) return found;
  found.add(script);
  for (const name of namedIn(script, /(?:from|import)"\.\/([^"]+)"/g)) withImports(name, found);
  return found;
}

describe('the bundle of the page', () => {
  it('loads less than 100 kB of script for any one page', () => {
    const app = files.find((name) => /^app-.*\.js$/.test(name)) as string;
    const pages = namedIn(app, /import\("\.\/([^"]+)"\)/g);
    expect(pages.length).toBeGreaterThan(5);
    for (const each of pages) {
      const scripts = [...new Set([...withImports(app), ...withImports(each)])];
      const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(FOLDER, name))).length, 0);
      expect([each, bytes < LARGEST_SCRIPT_BYTES]).toEqual([each, true]);
    }
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
