// Makes libs/classifier/pixels/resize-cv2-wasm.ts of resize-cv2.wat: part of `npm run generate`.
import { readFileSync, writeFileSync } from 'node:fs';
import openWabt from 'wabt';

const SOURCE = 'libs/classifier/pixels/resize-cv2.wat';

const { parseWat } = await openWabt();
const { buffer } = parseWat(SOURCE, readFileSync(SOURCE, 'utf8'), { simd: true }).toBinary({});
const lines = Buffer.from(buffer)
  .toString('base64')
  .match(/.{1,100}/g)
  .map((line) => `  '${line}'`)
  .join(' +\n');
writeFileSync(
  'libs/classifier/pixels/resize-cv2-wasm.ts',
  `/** resize-cv2.wat as WebAssembly, in base64. Made by \`npm run generate\`. */\nexport const RESIZE_CV2_WASM =\n${lines};\n`,
);
