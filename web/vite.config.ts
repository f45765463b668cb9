// The page lives at every station's own address, so all its files are asked for from the root: /assets/…. The walk's,
// at /walk, and the conductor's, at /conduct, are others (/walk.html and /conduct.html while developing).
// `npm run dev` needs a Tutti server; TUTTI_SERVER says where when it is not on this machine's port 9999.
import { defineConfig } from 'vitest/config';

declare const process: { env: Record<string, string | undefined> };
const server = process.env['TUTTI_SERVER'] ?? 'http://localhost:9999';

export default defineConfig({
  base: '/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: ['es2021', 'chrome111', 'firefox113', 'safari15.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['index.html', 'walk.html', 'conduct.html'] },
  },
  server: {
    proxy: {
      '^/api/': server,
      '^/walk/': { target: server, ws: true },
      '^/sendspin': { target: server, ws: true },
      '^/[^?]*\\?listener=': server,
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node', setupFiles: 'tests/setup.mjs' },
});
