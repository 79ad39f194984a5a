import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    images: 'src/images.ts',
    cli: 'src/cli/main.ts',
    worker: 'src/scan/worker.ts',
  },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  dts: { entry: { index: 'src/index.ts', images: 'src/images.ts' } },
  splitting: true,
  sourcemap: false,
  clean: true,
  publicDir: false,
  onSuccess: 'node scripts/copy-schema.mjs',
});
