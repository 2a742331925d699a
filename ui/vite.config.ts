import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Where devhost listens; the browser build talks to it through Vite, so that it is one origin. */
const devhost = process.env['DEVHOST'] ?? 'http://127.0.0.1:8917'
const proxy = {
  '/rpc': { target: devhost, changeOrigin: true },
  '/events': { target: devhost, changeOrigin: true },
}

export default defineConfig({
  plugins: [svelte()],
  // Tauri loads the built page from its own scheme: addresses stay relative.
  base: './',
  clearScreen: false,
  build: {
    target: 'es2023',
    // The shell's policy allows no inline script, and the polyfill would be one.
    modulePreload: { polyfill: false },
    // A font as data: would need font-src data:.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true, proxy },
  preview: { host: '127.0.0.1', port: 4173, proxy },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts'],
  },
})
