import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = new URL('../dist/web/', import.meta.url)

/** The budget of what a browser fetches before it draws the first page, in bytes packed by Brotli. */
const budget = 150_000

test('the page, its styles and the words of one language are fetched in 150 kB', () => {
  const html = readFileSync(new URL('index.html', page), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, name = '']) => name,
  )
  expect(named.some((name) => name.endsWith('.js'))).toBe(true)
  const catalogues = readdirSync(new URL('assets/', page)).filter((name) =>
    /^(?:en|vi)-[^.]+\.js$/.test(name),
  )
  expect(catalogues).toHaveLength(2)
  const packed = (name: string) => statSync(new URL(`${name}.br`, page)).size
  const words = Math.max(...catalogues.map((name) => packed(`assets/${name}`)))
  expect(named.reduce((sum, name) => sum + packed(name), words)).toBeLessThanOrEqual(budget)
})

test('the styles of the whole page come first, so that those of its parts stand above them', () => {
  const html = readFileSync(new URL('index.html', page), 'utf8')
  const [first = ''] = [...html.matchAll(/href="\.\/(assets\/[^"]+\.css)"/g)].map(([, name = '']) => name)
  const styles = readFileSync(new URL(first, page), 'utf8')
  expect(styles.indexOf(':root')).toBeGreaterThanOrEqual(0)
  expect(styles.indexOf(':root')).toBeLessThan(styles.indexOf('.top'))
})
