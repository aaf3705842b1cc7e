import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { filesFor } from './files.js';
import { SAME_ORIGIN } from './site.js';
import { faultsBySdkTypes } from './spec-sdk-types.js';

const committed = () =>
  new Map(
    [...filesFor(SAME_ORIGIN).keys()]
      .filter((path) => path.startsWith('dashboards/'))
      .map((path) => [path, readFileSync(`grafana/${path}`, 'utf8')]),
  );

test("every committed dashboard is what the SDK's types say", () => {
  expect(faultsBySdkTypes(committed())).toEqual([]);
});

test('a wrong value, an unknown option and a missing one would be found', () => {
  const [[name, text] = ['', '']] = committed();
  const broken = (from: string, to: string) => {
    expect(text).toContain(from);
    return faultsBySdkTypes(new Map([[name, text.replace(from, to)]]));
  };
  expect(broken('"graphMode": "none"', '"graphMode": "nothing"')).not.toEqual([]);
  expect(broken('"wideLayout": true', '"wideLayouts": true')).not.toEqual([]);
  expect(broken('"schemaVersion": 42,', '')).not.toEqual([]);
});
