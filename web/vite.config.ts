import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
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

export default defineConfig({
  root: import.meta.dirname,
  // The server writes into the page below which path it lies.
  base: './',
  plugins: [words({ strict: true }), react(), packed],
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
