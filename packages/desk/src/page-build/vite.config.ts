import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// Nothing is written into the document itself, neither script nor style: the server's security policy allows neither.
export default defineConfig({
  root: fileURLToPath(new URL('../page', import.meta.url)),
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
