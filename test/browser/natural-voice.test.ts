import { posix } from 'node:path'
import { afterAll, expect } from 'vitest'
import { catalogueVoice, readCatalogue } from '../../src/library/voice-catalogue.ts'
import { VoiceMirror } from '../program/voice-mirror.ts'
import { test } from './browser.ts'

const vais = catalogueVoice(await readCatalogue(), 'piper:vi_VN-vais1000-medium')
const folder = posix.dirname(vais.files.find(({ role }) => role === 'model')?.path ?? '')
const mirror = await VoiceMirror.start()
afterAll(() => mirror[Symbol.asyncDispose]())
test.override('settings', { NIGHTJAR_VOICE_SOURCE: mirror.address })
test.override('speakers', 1)

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

test('an English book, which Heart reads, is offered none', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(
    text('Chapter 1\n\nThe lamp was lit when they came down to the river, and nobody asked why.'),
    'lamp.txt',
  )
  const page = await device(`/novels/${novel.id}`)
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
