import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = new URL('../dist/web/', import.meta.url)

/** The budget of what a browser fetches before it draws the first page, in bytes packed by Brotli. */
const budget = 150_000

/** The scripts and styles that the page names. */
const named = [
  ...readFileSync(new URL('index.html', page), 'utf8').matchAll(
    /(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g,
  ),
].map(([, name = '']) => name)

/** The catalogues of words that are fetched first, or with the first room, one for each language. */
function cataloguesOf(part: 'first' | 'rooms'): string[] {
  const found = readdirSync(new URL('assets/', page)).filter(
    (name) => /^(\w+)-[^.]+\.js$/.exec(name)?.[1] === part,
  )
  expect(found).toHaveLength(2)
  return found
}

async function messagesOf(catalogue: string): Promise<Set<string>> {
  const { messages } = (await import(new URL(`assets/${catalogue}`, page).href)) as { messages: object }
  return new Set(Object.keys(messages))
}

test('the page, its styles and the words of one language are fetched in 150 kB', () => {
  expect(named.some((name) => name.endsWith('.js'))).toBe(true)
  const catalogues = cataloguesOf('first')
  const packed = (name: string) => statSync(new URL(`${name}.br`, page)).size
  const words = Math.max(...catalogues.map((name) => packed(`assets/${name}`)))
  expect(named.reduce((sum, name) => sum + packed(name), words)).toBeLessThanOrEqual(budget)
})

test('what is fetched first says nothing whose words come with the rooms', async () => {
  const [first = '', rooms = ''] = [cataloguesOf('first')[0], cataloguesOf('rooms')[0]]
  const known = await messagesOf(first)
  const later = new Set([...(await messagesOf(rooms))].filter((id) => !known.has(id)))
  expect(later.size).toBeGreaterThan(100)
  const scripts = named.filter((name) => name.endsWith('.js'))
  // Lingui's ids: 6 characters of a hash.
  const said = scripts.flatMap((name) =>
    [...readFileSync(new URL(name, page), 'utf8').matchAll(/["'`]([\w+/-]{6})["'`]/g)].map(
      ([, id = '']) => id,
    ),
  )
  expect(said.filter((id) => later.has(id))).toEqual([])
})

test('the styles of the whole page come first, so that those of its parts stand above them', () => {
  const html = readFileSync(new URL('index.html', page), 'utf8')
  const [first = ''] = [...html.matchAll(/href="\.\/(assets\/[^"]+\.css)"/g)].map(([, name = '']) => name)
  const styles = readFileSync(new URL(first, page), 'utf8')
  expect(styles.indexOf(':root')).toBeGreaterThanOrEqual(0)
  expect(styles.indexOf(':root')).toBeLessThan(styles.indexOf('.top'))
})
