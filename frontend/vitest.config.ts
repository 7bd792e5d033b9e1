import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Logic runs in plain Node; only `*.dom.test.tsx` pays for a document. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
        test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts', 'scripts/*.test.mjs'] },
      },
      {
        plugins: [react()],
        resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: ['src/**/*.dom.test.tsx'],
          setupFiles: ['src/test/setup-dom.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
