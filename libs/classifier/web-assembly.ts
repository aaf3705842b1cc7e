// TypeScript knows WebAssembly only together with the whole DOM.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The memory that a module exports; growing it detaches earlier views. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export const compileWasm = (bytes: Uint8Array): object => new WebAssembly.Module(bytes);

/** @returns what the module exports, as whoever asks knows it to be */
export const startWasm = <Exports>(module: object, imports: object = {}): Exports =>
  new WebAssembly.Instance(module, imports).exports as Exports;
