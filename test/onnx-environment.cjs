// onnxruntime-node checks typed arrays with `instanceof` against those of the outer realm, jest gives each
// test file a realm of its own: hand the outer ones in.
const { TestEnvironment } = require('jest-environment-node');

const SHARED_CLASSES = [
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
  'ArrayBuffer',
  'SharedArrayBuffer',
];

module.exports = class OnnxEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of SHARED_CLASSES) this.global[name] = globalThis[name];
  }
};
