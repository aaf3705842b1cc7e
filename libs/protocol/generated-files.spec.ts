import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { generatedFiles } from './generated-files.js';

const ROOT = 'docs/generated';

describe('docs/generated', () => {
  it.each([...generatedFiles()])(
    'holds %s as the code makes it (if not: npm run build, node dist/libs/protocol/generate.js)',
    (path, content) => {
      expect(readFileSync(`${ROOT}/${path}`, 'utf8')).toBe(content);
    },
  );

  it('holds no schema of a payload that is gone', () => {
    const made = [...generatedFiles().keys()].filter((path) => path.startsWith('schemas/'));
    expect(
      readdirSync(`${ROOT}/schemas`)
        .map((name) => `schemas/${name}`)
        .sort(),
    ).toEqual(made.sort());
  });
});
