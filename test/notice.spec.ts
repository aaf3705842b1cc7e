import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

const notice = readFileSync('NOTICE', 'utf8');
const locked = Object.entries(
  (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }).packages,
).filter(
  ([path, { dev, devOptional, link }]) => path.startsWith('node_modules/') && !dev && !devOptional && !link,
);

describe('NOTICE', () => {
  it('names every package of a production installation with its version and licence: otherwise node scripts/notice.mjs', () => {
    expect(locked.length).toBeGreaterThan(50);
    const missing = locked
      .map(
        ([path, { version, license }]) =>
          `  ${path.split('node_modules/').at(-1)} ${version} (${license ?? ''}`,
      )
      .filter((line) => !notice.includes(line));
    expect(missing).toEqual([]);
    const named = notice.split('\n').filter((line) => /^ {2}\S+ \d+\.\d+\.\d+\S* \(.+\)$/.test(line));
    expect(named).toHaveLength(
      new Set(locked.map(([path, { version }]) => `${path.split('node_modules/').at(-1)} ${version}`)).size,
    );
  });

  it('has a licence for each of them', () => {
    expect(notice).not.toMatch(/\((undefined|see the package|UNLICENSED)\)/);
  });

  it.each([
    ['@cwasm/jpeg-turbo', /libjpeg-turbo/],
    ['@julusian/jpeg-turbo', /Independent JPEG Group/],
    ['onnxruntime-node', /Microsoft/],
    ['swagger-ui-dist', /Apache-2\.0/],
    ['@img/sharp-libvips', /LGPL-3\.0/],
    ['libs/classifier/pixels/resize-cv2', /OpenCV/],
    ['libs/classifier/pixels/resize-pil.ts', /Pillow/],
    ['models/demo', /Apache-2\.0/],
  ])('says what is inside of %s', (name, expected) => {
    const from = notice.indexOf(`  ${name}`);
    expect(from).toBeGreaterThan(0);
    expect(notice.slice(from, from + 400)).toMatch(expected);
  });

  it('names every file with weights that is shipped', () => {
    const folders = readdirSync('models', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const withWeights = folders.filter(({ name }) => existsSync(join('models', name, 'model.onnx')));
    expect(withWeights.map(({ name }) => name)).toEqual(['demo']);
  });
});
