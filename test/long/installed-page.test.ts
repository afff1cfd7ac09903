import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { freePort } from '../program/free-port.ts'
import { otherVersion } from '../program/other-version.ts'
import { reverseProxy } from '../program/reverse-proxy.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { eventually, test as bare } from '../browser/browser.ts'

const test = bare.override('settings', { NIGHTJAR_BEHIND_PROXY: 'yes' })

/** The browser says so of every request that finds no server. */
const expected = /net::ERR_|Failed to load resource/

async function whenInstalled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
}

function manifestOf(page: Page): Promise<{ start: string; icons: number[] }> {
  return page.evaluate(async () => {
    const { href } = document.querySelector<HTMLLinkElement>('link[rel=manifest]')!
    const answer = await fetch(href)
    const { start_url, icons } = (await answer.json()) as { start_url: string; icons: { src: string }[] }
    const asked = icons.map(async ({ src }) => (await fetch(new URL(src, href))).status)
    return { start: new URL(start_url, href).pathname, icons: await Promise.all(asked) }
  })
}

test('below a path the page is installed for that path alone, and opens there without a server', async ({
  device,
  nightjar,
}) => {
  const proxy = await reverseProxy({
    target: nightjar.address,
    prefix: '/nightjar',
    headers: ({ host = '' }) => ({ 'x-forwarded-host': host, 'x-forwarded-prefix': '/nightjar' }),
  })
  const page = await device(`${proxy.address}/nightjar/voices`, { installable: true, expected })
  await whenInstalled(page)
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(
    `${proxy.address}/nightjar/`,
  )
  expect(await manifestOf(page)).toEqual({ start: '/nightjar/', icons: [200, 200, 200, 200] })
  await proxy[Symbol.asyncDispose]()
  await page.goto(`${proxy.address}/nightjar/machines`)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Voices' }).waitFor()
  await page.getByText('Nightjar does not answer').first().waitFor()
})

test('a new version of the program is offered to an open page, which goes on with its own scripts until it is taken', async ({
  device,
}) => {
  await using folder = await temporaryFolder()
  await using data = await temporaryFolder()
  const program = await otherVersion(folder.path)
  const port = String(await freePort())
  await using first = await ServerProcess.start({ data: data.path, speakers: 1, settings: { PORT: port } })
  const page = await device(first.address, { installable: true, expected })
  await whenInstalled(page)
  const other = await page.context().newPage()
  await other.goto(`${first.address}/machines`)
  await other.getByRole('heading', { level: 1, name: 'Machines' }).waitFor()
  await first.stop()
  await page.getByText('Nightjar does not answer').waitFor()
  await using second = await ServerProcess.start({
    data: data.path,
    speakers: 1,
    program,
    settings: { PORT: port },
  })
  for (const each of [page, other]) await each.getByText('A new version of Nightjar is here.').waitFor()
  // Taken in one tab; the other is still the old one, and fetches what it lacks of it.
  await page.getByRole('button', { name: 'Reload' }).click()
  const entry = (): string => document.querySelector<HTMLScriptElement>('script[type=module]')!.src
  await eventually(async () => expect(await page.evaluate(entry)).toMatch(/-other\.js$/))
  await page.getByRole('heading', { level: 1, name: 'Bring a book' }).waitFor()
  expect(await page.getByText('A new version of Nightjar is here.').count()).toBe(0)
  expect(await other.evaluate(entry)).not.toMatch(/-other\.js$/)
  const chunks = await other.evaluate(async () => {
    const names = (await caches.keys()).toSorted()
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    const old = all.flat().filter(({ url }) => /\/voices-page-[^/]*(?<!-other)\.js$/.test(url))
    return Promise.all(old.map(async ({ url }) => (await fetch(url)).status))
  })
  expect(chunks).toEqual([200])
  // Nothing plays: the next page is one of the new version.
  await other.getByRole('link', { name: 'Voices', exact: true }).dispatchEvent('click')
  await eventually(async () => expect(await other.evaluate(entry)).toMatch(/-other\.js$/))
  await second.stop()
})
