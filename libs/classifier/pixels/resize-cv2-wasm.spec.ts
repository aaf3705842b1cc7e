import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import openWabt from 'wabt';
import { RESIZE_CV2_WASM } from './resize-cv2-wasm.js';

it('is what resize-cv2.wat makes (if not: npm run generate)', async () => {
  const source = readFileSync('libs/classifier/pixels/resize-cv2.wat', 'utf8');
  const { parseWat } = await openWabt();
  const { buffer } = parseWat('resize-cv2.wat', source, { simd: true }).toBinary({});
  expect(Buffer.from(buffer).toString('base64')).toBe(RESIZE_CV2_WASM);
});
