import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { filesFor } from './files.js';
import { SAME_ORIGIN } from './site.js';

const ELSEWHERE = 'https://traps.example.org';

test.each([...filesFor(SAME_ORIGIN)])(
  '%s is what the code makes: otherwise npm run grafana:build',
  (path, text) => {
    expect(readFileSync(`grafana/${path}`, 'utf8')).toBe(text);
  },
);

test('no other file lies among them', () => {
  const found = ['dashboards', 'provisioning'].flatMap((folder) =>
    readdirSync(`grafana/${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath.replace(/^grafana\//, '')}/${name}`),
  );
  expect(found.sort()).toEqual([...filesFor(SAME_ORIGIN).keys()].sort());
});

/** Addresses in links, pictures and tiles: absolute ones, and paths that begin at the origin. */
const addressesIn = (dashboard: string) => {
  // What a mapping looks for is a path as it is stored, not an address.
  const text = dashboard.replace(/"pattern": "[^"]*"/g, '');
  return [
    ...text.matchAll(/https?:\/\/[^"\s)\\]+/g),
    ...text.matchAll(/(?<=[("])\/(?:grafana|api)\/[^"\s)\\]+/g),
  ].map(([address]) => address);
};

test('links, pictures and tiles stay at the own origin', () => {
  for (const [path, text] of filesFor(SAME_ORIGIN)) {
    if (!path.startsWith('dashboards/')) continue;
    expect(addressesIn(text).filter((address) => !/^\/(grafana|api\/v1)\//.test(address))).toEqual([]);
  }
});

test('with a public URL they all lie under it', () => {
  let found = 0;
  for (const [path, text] of filesFor({ publicUrl: ELSEWHERE })) {
    if (!path.startsWith('dashboards/')) continue;
    const addresses = addressesIn(text);
    found += addresses.length;
    expect(addresses.filter((address) => !address.startsWith(`${ELSEWHERE}/`))).toEqual([]);
  }
  expect(found).toBeGreaterThan(20);
});
