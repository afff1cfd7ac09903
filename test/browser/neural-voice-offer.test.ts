import { posix } from 'node:path'
import { afterAll, expect } from 'vitest'
import { catalogueVoice, readCatalogue } from '../../src/storage/voices/voice-catalogue-table.ts'
import type { ServerProcess } from '../program/server-process.ts'
import { VoiceMirror } from '../program/voice-mirror.ts'
import { test } from './browser.ts'

const vais = catalogueVoice(await readCatalogue(), 'piper:vi_VN-vais1000-medium')
const folder = posix.dirname(vais.files.find(({ role }) => role === 'model')?.path ?? '')
const mirror = await VoiceMirror.start()
afterAll(() => mirror[Symbol.asyncDispose]())
test.override('settings', { NIGHTJAR_VOICE_SOURCE: mirror.address })
test.override('speakers', 1)

const patch = (nightjar: ServerProcess, id: string, change: object) =>
  nightjar.fetch(`/api/novels/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })
const text = (line: string) => new TextEncoder().encode(line)

test('before a Vietnamese book is spoken, the page says that a natural voice can be had, and lets both be heard', async ({
  device,
  nightjar,
}) => {
  const spoken = await nightjar.post('/v1/audio/speech', {
    model: 'nightjar',
    voice: 'espeak:vi',
    input: 'Tôi sống độc lập từ thuở bé.',
    response_format: 'mp3',
  })
  mirror.put(`${folder}/samples/speaker_0.mp3`, new Uint8Array(await spoken.arrayBuffer()))
  const { novel } = await nightjar.add(
    text('Chương 1\n\nTôi sống độc lập từ thuở bé. Ấy là tục lệ lâu đời trong họ nhà dế chúng tôi.'),
    'dế mèn.txt',
  )
  const page = await device(`/novels/${novel.id}`)
  const offer = page.getByRole('region', { name: 'A natural voice for Vietnamese' })
  await offer.getByText('VAIS-1000 sounds like a person and can be installed.').waitFor()
  await offer.getByRole('button', { name: 'Hear it: hear VAIS-1000' }).click()
  await offer.getByText('Stop', { exact: true }).waitFor()
  expect(mirror.requests.map(({ path }) => path)).toContain(`${folder}/samples/speaker_0.mp3`)
  await offer.getByRole('button', { name: /^Hear the plain one/ }).click()
  await offer.getByRole('button', { name: 'Stop the sample of the plain voice' }).getByText('Stop').waitFor()
  await offer.getByRole('button', { name: /^Install VAIS-1000/ }).click()
  await page.getByRole('dialog', { name: 'Install VAIS-1000?' }).waitFor()
})

test('a natural voice that is here is offered to a book that a plain one reads, until it reads or is declined', async ({
  device,
  nightjar,
}) => {
  const pinned = async (name: string) => {
    const { novel } = await nightjar.add(
      text(`Chapter 1\n\nThe lamp was lit when they came down to the ${name}, and nobody asked why.`),
      `${name}.txt`,
    )
    await patch(nightjar, novel.id, { voice: 'espeak:en-us' })
    return novel
  }
  const mill = await pinned('mill')
  const page = await device(`/novels/${mill.id}`)
  const offer = page.getByRole('region', { name: 'A natural voice for English' })
  await offer.getByText('It is here. Let it read this book?').waitFor()
  await offer.getByRole('button', { name: 'Hear Heart' }).waitFor()
  await offer.getByRole('button', { name: 'Let it read this book' }).click()
  await page.getByRole('button', { name: /Now read by Heart/ }).waitFor()
  await offer.waitFor({ state: 'detached' })
  expect(await nightjar.json(`/api/novels/${mill.id}`)).toMatchObject({ novel: { voice: 'hibari:heart' } })

  const barn = await pinned('barn')
  await page.goto(new URL(`/novels/${barn.id}`, page.url()).href)
  await offer.getByRole('button', { name: 'Keep the plain one' }).click()
  await offer.waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('heading', { name: 'Chapters' }).waitFor()
  expect(await offer.count()).toBe(0)
})

test('the page stays while it asks what could be installed for a voice that was just chosen', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(
    text(
      Array.from({ length: 21 }, (_, at) => `Chương ${at + 1}\n\nTôi sống độc lập từ thuở bé.`).join('\n\n'),
    ),
    'độc lập.txt',
  )
  await patch(nightjar, novel.id, { voice: 'hibari:heart' })
  const page = await device(`/novels/${novel.id}`)
  const offers = Promise.withResolvers<void>()
  await page.route('**/api/voices/catalogue?*', async (route) => {
    await offers.promise
    await route.continue()
  })
  await page.getByRole('searchbox', { name: 'Find a chapter' }).fill('17')
  await page.getByRole('checkbox', { name: 'Select the 1 found' }).check()
  await page.getByRole('button', { name: /^Choose a voice/ }).click()
  const chooser = page.getByRole('dialog', { name: 'Who reads it?' })
  await chooser
    .getByRole('radio', { name: /Plain · Vietnamese/ })
    .first()
    .check()
  const asked = page.waitForRequest('**/api/voices/catalogue?*')
  await chooser.getByRole('button', { name: 'Let this voice read' }).click()
  await asked
  const offer = page.getByRole('region', { name: 'A natural voice for Vietnamese' })
  expect(await page.getByRole('searchbox', { name: 'Find a chapter' }).inputValue()).toBe('17')
  expect(await offer.count()).toBe(0)
  offers.resolve()
  await offer.waitFor()
  expect(await page.getByRole('searchbox', { name: 'Find a chapter' }).inputValue()).toBe('17')
  await page.getByRole('button', { name: 'Speak 1 chapter', exact: true }).waitFor()
})

test('a Chinese book is offered the voice of its language, an English one, which Heart reads, none', async ({
  device,
  nightjar,
}) => {
  const { novel: chinese } = await nightjar.add(
    text('第一章\n\n他点了灯，下到河边去了，没有人问为什么。'),
    '灯.txt',
  )
  const page = await device(`/novels/${chinese.id}`)
  const offer = page.getByRole('region', { name: 'A natural voice for Chinese' })
  await offer.getByText('Chaowen sounds like a person and can be installed.').waitFor()
  // Not one of the large voices, which cannot be heard before.
  await offer.getByRole('button', { name: 'Hear it: hear Chaowen' }).waitFor()
  await offer.getByRole('button', { name: /^Install Chaowen/ }).waitFor()

  const { novel } = await nightjar.add(
    text('Chapter 1\n\nThe lamp was lit when they came down to the river, and nobody asked why.'),
    'lamp.txt',
  )
  await page.goto(new URL(`/novels/${novel.id}`, page.url()).href)
  await page.getByRole('heading', { name: 'Chapters' }).waitFor()
  expect(await page.getByText('A natural voice').count()).toBe(0)
})

test('a source that has no sample, or no voice of that name, is told in a sentence', async ({ nightjar }) => {
  const sample = (id: string) => nightjar.fetch(`/api/voices/catalogue/${encodeURIComponent(id)}/sample`)
  const none = await sample('piper:vi_VN-vivos-x_low')
  expect(none.status).toBe(404)
  expect(await none.json()).toMatchObject({ code: 'voice.no-sample' })
  expect((await sample('piper:nobody')).status).toBe(404)
})
