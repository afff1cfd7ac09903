import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { words } from './i18n/page-words.ts'

/** Lays scripts and styles packed beside themselves: 500 kB go over the wire as 130. Browsers take Brotli from localhost and over TLS only. */
const packed: Plugin = {
  name: 'packed',
  async writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((each) => /\.(?:js|css)$/.test(each))) {
      const bytes = await readFile(join(dir, name))
      await writeFile(join(dir, `${name}.br`), await promisify(brotliCompress)(bytes))
      await writeFile(join(dir, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }))
    }
  },
}

/** The service worker, with the list of all files of the page, and the manifest by which a phone installs it. */
const installable = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'offline/worker',
  filename: 'service-worker.ts',
  injectRegister: false,
  includeManifestIcons: false,
  injectManifest: {
    globPatterns: ['index.html', '**/*.{js,css,svg,png,webmanifest}'],
    injectionPoint: 'self.pageFiles',
  },
  // A proxy may ask for the cookie by which it knows its people.
  useCredentials: true,
  manifest: {
    start_url: './',
    scope: './',
    name: 'Nightjar',
    short_name: 'Nightjar',
    description: 'A self-hosted audiobook studio: hand it a novel, and the book is spoken.',
    categories: ['books', 'entertainment'],
    display: 'standalone',
    background_color: '#11151f',
    theme_color: '#11151f',
    icons: [
      { src: 'icons/nightjar-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
      { src: 'icons/nightjar-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: 'nightjar.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
    ],
  },
})

export default defineConfig({
  root: import.meta.dirname,
  // The server writes into the page below which path it lies.
  base: './',
  plugins: [words({ strict: true }), react(), packed, installable],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The content security policy allows no `data:` addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    target: 'es2023',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // All that the first page needs comes in one script; else each icon that two rooms share would be one.
          groups: [{ name: 'page', test: /\/web\/app\.tsx$/ }],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4747' } },
})
