import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ariaWords } from './aria-words.ts'

const assets = new URL('../../dist/web/assets/', import.meta.url)
const intl = new URL('../../node_modules/react-aria/dist/private/intl/', import.meta.url)

test('all that React Aria may say on the page has words of the page', async () => {
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
  const used = new Set<string>(
    scripts.flatMap((name) =>
      [...readFileSync(new URL(name, assets), 'utf8').matchAll(/[`'"](@react-aria\/[a-z-]+)[`'"]/g)].map(
        ([, one = '']) => one,
      ),
    ),
  )
  expect([...used].toSorted()).toEqual(Object.keys(ariaWords).toSorted())
  for (const [name, words] of Object.entries(ariaWords)) {
    const own = new URL(`${name.replace('@react-aria/', '')}/en-US.mjs`, intl).href
    const said = (await import(/* @vite-ignore */ own)) as { default: Record<string, unknown> }
    expect(Object.keys(words).toSorted()).toEqual(Object.keys(said.default).toSorted())
  }
})
