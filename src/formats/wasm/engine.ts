/** The part of the WebAssembly API that is used here; Node has it, its types come with those of browsers only. */
interface Engine {
  validate(bytes: Uint8Array): boolean;
}

const { WebAssembly: engine } = globalThis as unknown as { WebAssembly: Engine };

/** Whether the engine accepts the module: types of all functions, instructions of all bodies. */
export function isValidModule(bytes: Uint8Array): boolean {
  return engine.validate(bytes);
}
