import { expect } from 'vitest'
import { reverseProxy } from '../program/reverse-proxy.ts'
import { epub, onDisk } from './books.ts'
import { eventually, test as bare } from './browser.ts'
import { dropFiles } from './drop-files.ts'
import { expectPlayback } from './audio-playback.ts'

const test = bare.override('settings', { NIGHTJAR_BEHIND_PROXY: 'yes' })

test('below a path of another server the page brings a book, has it spoken, plays it and gives it away', async ({
  device,
  folder,
  nightjar,
}) => {
  await using proxy = await reverseProxy({
    target: nightjar.address,
    prefix: '/nightjar',
    headers: ({ host = '' }) => ({ 'x-forwarded-host': host, 'x-forwarded-prefix': '/nightjar' }),
  })
  const root = `${proxy.address}/nightjar`
  const page = await device(`${root}/`)
  const outside: string[] = []
  page.context().on('request', (asked) => {
    const { protocol, pathname } = new URL(asked.url())
    if (protocol === 'http:' && !pathname.startsWith('/nightjar')) outside.push(asked.url())
  })
  await page.getByRole('heading', { name: 'Bring a book' }).waitFor()
  await dropFiles(page, await onDisk(folder, 'path.epub', await epub('The Path')))
  await page.locator('.novel-card', { hasText: 'The Path' }).getByRole('link').click()
  await page.waitForURL(/\/nightjar\/novels\/[\w-]+$/)
  await page.getByRole('button', { name: 'Speak the whole book' }).click()
  await page.getByRole('link', { name: 'Watch it being spoken' }).click()
  // The event stream comes through as well, and the page hears of the end.
  await page.getByRole('heading', { level: 1, name: 'Spoken to the end' }).waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/nightjar\/generations\//)
  await page.reload()
  await page.getByRole('link', { name: 'The Path' }).click()
  await eventually(async () => {
    const cover = page.locator('main img').first()
    expect(await cover.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  })
  await page.getByRole('button', { name: 'Play chapter 1' }).click()
  await expectPlayback(page)
  const hrefs = await page
    .locator('a[href]')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))
  expect(hrefs.filter((href) => !href.startsWith(root))).toEqual([])
  await page.getByRole('link', { name: 'Voices', exact: true }).click()
  await page.waitForURL(`${root}/voices`)
  await page.goBack()
  await page.waitForURL(/\/nightjar\/novels\//)
  expect(outside).toEqual([])
  // Before the proxy goes, with the stream of events in its hands.
  await page.context().close()
})
