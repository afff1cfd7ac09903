import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { writeWav } from '../../src/audio/codec/wav.ts'
import { hum } from '../program/faulty-engine.ts'
import { type Answer, hangsUp, oddSpeechServer, sends, sendsJson } from '../program/fake-speech-server.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { expectPlayback } from './audio-playback.ts'

test.override('speakers', 1)

const key = 'sk-secret-0123456789'

/** Lists two voices, and hums for as long as a text may take. */
const speaks: Answer = (response, heard) => {
  if (heard.path.endsWith('/voices')) return sendsJson(200, { voices: ['bella', 'sky'] })(response, heard)
  const letters = String(heard.body?.['input']).match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return sends(writeWav(hum(letters / 15), 24_000))(response, heard)
}

const servers = (page: Page) => page.getByRole('region', { name: 'Speech servers' })
const form = (page: Page) => page.getByRole('dialog')

async function add(page: Page, title: string, address: string): Promise<void> {
  await servers(page).getByRole('button', { name: 'Add a server' }).click()
  await form(page).getByLabel('What you call it').fill(title)
  await form(page).getByLabel('Address').fill(address)
}

test('a speech server is added with a key that nobody sees again, tried, changed, and removed', async ({
  device,
  nightjar,
}) => {
  await using desk = await oddSpeechServer(speaks)
  const { novel } = await nightjar.add(await epub('Read from Afar'), 'afar.epub')
  const page = await device('/voices')
  await add(page, 'Desk PC', desk.address)
  await form(page).getByLabel('Key').fill(key)
  expect(await form(page).getByLabel('Key').getAttribute('type')).toBe('password')
  await form(page).getByText('More', { exact: true }).click()
  await form(page).getByLabel('Characters in a month').fill('2000')
  await form(page).getByRole('button', { name: 'Add the server' }).click()

  const server = servers(page).getByRole('listitem').filter({ hasText: 'Desk PC' })
  await server.getByText('tts-1 · 2 voices').waitFor()
  await server.getByText('Ready').waitFor()
  await server.getByText('0 of 2,000 characters this month').waitFor()
  await server.getByRole('combobox', { name: 'A voice of Desk PC' }).selectOption('sky')
  await server.getByRole('button', { name: 'Try it: hear sky' }).click()
  await expectPlayback(page, 0.5)
  await server.getByText(/^\d{2,} of 2,000 characters this month$/).waitFor()
  expect(desk.heard.at(-1)).toMatchObject({
    body: { voice: 'sky' },
    headers: { authorization: `Bearer ${key}` },
  })

  await server.getByRole('button', { name: 'Edit Desk PC' }).click()
  await form(page).getByLabel('What you call it').fill('Study PC')
  await form(page).getByLabel('Voices').fill('bella, sky, heart')
  await form(page).getByRole('button', { name: 'Save' }).click()
  const renamed = servers(page).getByRole('listitem').filter({ hasText: 'Study PC' })
  await renamed.getByText('tts-1 · 3 voices').waitFor()
  await renamed.getByRole('button', { name: 'Ask for its voices again' }).click()
  await renamed.getByText('tts-1 · 2 voices').waitFor()
  expect(await page.content()).not.toContain(key)

  // Its voices stand under its name where a novel gets its voice.
  await page.goto(new URL(`/novels/${novel.id}`, page.url()).href)
  await page.getByRole('button', { name: /^Choose a voice/ }).click()
  await page.getByText('Study PC 2 voices').click()
  await page.getByRole('radio', { name: 'bella' }).check()
  await page.getByRole('button', { name: 'Let this voice read' }).click()
  await page.getByRole('button', { name: 'Now read by bella · Study PC' }).click()
  await page.getByRole('link', { name: 'More voices for English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Voices' }).waitFor()

  await renamed.getByRole('button', { name: 'Remove Study PC' }).click()
  const removing = page.getByRole('alertdialog', { name: 'Remove Study PC?' })
  await removing.getByRole('listitem').getByText('Read from Afar').waitFor()
  await removing.getByRole('button', { name: 'Remove the server' }).click()
  await renamed.waitFor({ state: 'detached' })
})

test('a server that is down says so wherever its work is shown, and that it is back', async ({
  device,
  nightjar,
}) => {
  await using desk = await oddSpeechServer(speaks)
  await nightjar.post('/api/speech-servers', { title: 'Attic', address: desk.address })
  const { novel } = await nightjar.add(await epub('Waiting for the Attic'), 'attic.epub')
  const room = await device('/voices', { expected: /status of 502/ })
  const server = servers(room).getByRole('listitem').filter({ hasText: 'Attic' })
  await server.getByText('Ready').waitFor()

  desk.answer(hangsUp)
  const id = await nightjar.generate(novel.id, undefined, { voice: 'server:attic:bella' })
  const resting = /^Attic does not answer.*; (next try in \d+ s|it is tried again as soon as it is needed)$/
  await server.getByText(resting).waitFor()
  for (const path of [`/generations/${id}`, '/queue', `/novels/${novel.id}`]) {
    const page = await device(path)
    await page.getByRole('main').getByText(resting).first().waitFor()
  }
  await server.getByRole('button', { name: 'Try it: hear bella' }).click()
  await server
    .getByRole('alert')
    .getByText(/could not speak: Attic does not answer/)
    .waitFor()

  desk.answer(speaks)
  await server.getByText('Ready').waitFor()
  await nightjar.finished(id)
  const page = await device(`/generations/${id}`)
  await page.getByText('read by bella · Attic').waitFor()
  expect(await page.getByText('does not answer').count()).toBe(0)
})

test('what is wrong with a server is said in its form, and what was typed stays', async ({ device }) => {
  await using desk = await oddSpeechServer(sendsJson(404, {}))
  const page = await device('/voices', { expected: /status of (?:4\d\d|502)/ })
  await add(page, 'Cellar', 'cellar')
  await form(page).getByRole('button', { name: 'Add the server' }).click()
  await form(page)
    .getByRole('alert')
    .getByText(/an address such as http:\/\/desk:8880\/v1 is wanted/)
    .waitFor()
  await form(page).getByLabel('Address').fill(desk.address)
  await form(page).getByRole('button', { name: 'Add the server' }).click()
  await form(page).getByRole('alert').getByText('Cellar does not say which voices it has.').waitFor()
  await form(page).getByLabel('Voices').fill('alloy')
  await form(page).getByRole('button', { name: 'Add the server' }).click()
  const server = servers(page).getByRole('listitem').filter({ hasText: 'Cellar' })
  await server.getByText('tts-1 · 1 voice').waitFor()
  await server.getByRole('button', { name: 'Ask for its voices again' }).click()
  await server.getByRole('alert').getByText('Cellar does not say which voices it has.').waitFor()
})

test('the room and its dialogs have no fault that a screen reader would meet, and fit a phone', async ({
  device,
  nightjar,
}) => {
  await using desk = await oddSpeechServer(speaks)
  await nightjar.post('/api/speech-servers', {
    title: 'Loft',
    address: desk.address,
    charactersPerMonth: 9000,
  })
  const page = await device('/voices?language=en', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const width = () => page.evaluate(() => document.documentElement.scrollWidth)
  await page.getByText('Plain voices').click()
  await page.getByRole('searchbox', { name: 'Search plain voices' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await width()).toBe(390)
  const dialogs = [
    page.getByRole('button', { name: /^Install/ }).first(),
    page.getByRole('button', { name: 'Edit Loft' }),
    page.getByRole('button', { name: 'Remove Loft' }),
  ]
  for (const opening of dialogs) {
    // By keyboard, as a press would do.
    await opening.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await width()).toBe(390)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor({ state: 'detached' })
    await eventually(async () =>
      expect(await opening.evaluate((element) => element === document.activeElement)).toBe(true),
    )
  }
})
