import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.CARDEA_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', reportCompressedSize: false, manifest: true, chunkSizeWarningLimit: 600 },
  server: { proxy: { '/api': api, '/docs': api } },
  preview: { proxy: { '/api': api, '/docs': api } },
});
