/** What this project needs of the WebAssembly API, which neither ES2023 nor Node's types declare. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const compiled = new Map<string, object>();

/**
 * An instance of a module that scripts/build-wasm.mjs made; each has a memory of its own, code is compiled once.
 * @param wasm the module's bytes in base64
 */
export function instantiate<Exports>(
  wasm: string,
): Exports & { readonly memory: { readonly buffer: ArrayBuffer } } {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  let module = compiled.get(wasm);
  if (module === undefined) {
    module = new Module(Buffer.from(wasm, 'base64'));
    compiled.set(wasm, module);
  }
  return new Instance(module).exports as Exports & { readonly memory: { readonly buffer: ArrayBuffer } };
}
