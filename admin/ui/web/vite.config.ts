import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server that `make demo` starts; `npm run dev` passes everything that is
// not the pages' own on to it.
const server = process.env.VIGIA_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    outDir: '../dist',
    emptyOutDir: true, // public holds the placeholder that is committed
    assetsInlineLimit: 0, // the content policy has no data: scripts
    modulePreload: { polyfill: false }, // an inline script otherwise
    chunkSizeWarningLimit: 1300, // the map
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: server, ws: true, changeOrigin: true } } },
});
