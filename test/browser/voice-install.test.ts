import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { catalogueVoice, readCatalogue } from '../../src/storage/voices/voice-catalogue-table.ts'
import { VoiceMirror } from '../program/voice-mirror.ts'
import { test } from './browser.ts'

const kore = catalogueVoice(await readCatalogue(), 'hibari:kore')

/** A source that has a voice of the right size, of which less than a half comes. */
const mirror = await VoiceMirror.start(
  Object.fromEntries(
    kore.files.map(({ role, path }) => [path, role === 'card' ? '# Kore' : randomBytes(kore.bytes)]),
  ),
)
mirror.manner = ({ path }) => (path.endsWith('.onnx') ? { pauseMs: 10, hangAfter: 3_300_000 } : {})
let open = true
const close = async () => {
  if (open) await mirror[Symbol.asyncDispose]()
  open = false
}
afterAll(close)
test.override('settings', { NIGHTJAR_VOICE_SOURCE: mirror.address })
test.override('speakers', 1)

const onTheirWay = (page: Page) => page.getByRole('region', { name: 'Voices on their way' })
const more = (page: Page) => page.getByRole('region', { name: 'More voices' })
const offer = (page: Page) => more(page).getByRole('button', { name: /^Install Kore/ })

test('bytes are counted as they arrive, without the stream of events too, and a cancelled install is gone everywhere', async ({
  device,
}) => {
  const page = await device('/voices?language=en')
  const other = await device('/queue', { expected: /ERR_FAILED/ })
  await other.route('**/api/worker/events', (route) => route.abort())
  await other.goto(new URL('/voices?language=en', other.url()).href)
  await offer(page).click()
  await page.getByRole('dialog').getByText('# Kore').waitFor()
  await page.getByRole('button', { name: 'Install, 7.9 MB' }).click()
  for (const each of [page, other])
    for (const place of [onTheirWay(each), more(each)])
      await place.getByText(/^Downloading, [0-7]\.[1-9] of 7\.9 MB$/).waitFor()
  await other.getByRole('button', { name: 'Cancel the install of Kore' }).first().click()
  for (const each of [page, other]) {
    await offer(each).waitFor()
    expect(await onTheirWay(each).getByRole('listitem').count()).toBe(0)
  }
})

test('a file that is not the catalogue’s is refused in the server’s words', async ({ device }) => {
  const page = await device('/voices?language=en')
  mirror.manner = () => ({})
  await offer(page).click()
  await page.getByRole('button', { name: 'Install, 7.9 MB' }).click()
  await more(page).getByRole('alert').getByText('is not the file of the catalogue').waitFor()
})

test('without a network the card is missed in one sentence, and the voice can be asked for all the same', async ({
  device,
  nightjar,
}) => {
  await close()
  const page = await device('/voices?language=vi', { expected: /status of 502/ })
  await more(page).getByRole('searchbox', { name: 'Search more voices' }).fill('vivos')
  await more(page)
    .getByRole('button', { name: /^Install VIVOS/ })
    .click()
  const question = page.getByRole('dialog', { name: 'Install VIVOS?' })
  await question.getByText(/^The voice cannot be fetched from .*Check the network/).waitFor()
  await question.getByRole('button', { name: 'Install, 28 MB' }).click()
  await more(page)
    .getByRole('alert')
    .getByText(/^The voice cannot be fetched from .*Check the network/)
    .waitFor()
  // Nothing else suffers.
  expect((await nightjar.fetch('/api/voices')).status).toBe(200)
})
