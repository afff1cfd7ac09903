import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { freePort } from '../program/free-port.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { eventually, test as bare } from './browser.ts'
import { clockOf, expectPlayback } from './audio-playback.ts'

// One that nobody is given while the server is away.
const test = bare.override('settings', { PORT: String(await freePort()) })

test.concurrent('the server is killed under two open pages: they say so, and go on by themselves when it is back', async ({
  device,
  folder,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(2, 700), 'killed.txt')
  const id = await nightjar.generate(novel.id)
  const expected = /net::ERR_/
  const watching = await device(`/generations/${id}`, { expected })
  const ribbon = watching.locator('.generation-ribbon').getByRole('img')
  const spoken = async () => Number.parseInt((await ribbon.getAttribute('aria-label')) ?? '', 10)
  await eventually(async () => expect(await spoken()).toBeGreaterThan(10))
  const listening = await device(`/novels/${novel.id}`, { expected })
  await listening.getByRole('button', { name: 'Play chapter 1' }).click()
  await expectPlayback(listening)

  await nightjar.kill()
  const before = await spoken()
  for (const page of [watching, listening])
    await page.getByText('Nightjar does not answer. Nothing is lost; this page goes on by itself').waitFor()
  await watching.getByRole('heading', { level: 1, name: 'Being spoken' }).waitFor()
  // A press that cannot be answered says why, and takes nothing away.
  await watching.getByRole('button', { name: 'Pause' }).click()
  await watching.getByRole('alert').getByText('Nightjar does not answer just now.').waitFor()

  const { port } = new URL(nightjar.address)
  // They say so for a moment only.
  const told = Promise.all([watching, listening].map((page) => page.getByText('Nightjar is back.').waitFor()))
  await using back = await ServerProcess.start({ data: folder, settings: { PORT: port } })
  await told
  await eventually(async () => expect(await spoken()).toBeGreaterThan(before))
  expect((await back.progress(id)).segmentsDone).toBeGreaterThan(before)
  const clock = await clockOf(listening)
  await expectPlayback(listening)
  expect(await clockOf(listening)).toBeGreaterThan(clock)

  await watching.getByRole('button', { name: 'Pause' }).click()
  await watching.getByRole('heading', { level: 1, name: 'Paused' }).waitFor()
  await watching.getByRole('alert').waitFor({ state: 'detached' })
})

test.concurrent('a chapter that waits for sound when the server goes away sounds again when it is back', async ({
  device,
}) => {
  await using folder = await temporaryFolder()
  const port = String(await freePort())
  await using first = await ServerProcess.start({ data: folder.path, speakers: 1, settings: { PORT: port } })
  const { novel } = await first.add(longStory(1, 900), 'waits.txt')
  const id = await first.generate(novel.id)
  await first.until(id, ({ segmentsDone }) => segmentsDone > 2)
  const page = await device(new URL(`/novels/${novel.id}`, first.address).href, { expected: /net::ERR_/ })
  await page.getByRole('button', { name: 'Play chapter 1' }).click()
  await expectPlayback(page)
  await first.post(`/api/worker/progress/${id}/pause`, {})
  await page.getByRole('slider', { name: 'Place in the chapter' }).press('End')
  await page.getByText('The work is paused. It goes on when you let it.').waitFor()

  await first.kill()
  await page.getByText('Nightjar does not answer. Nothing is lost').waitFor()
  const told = page.getByText('Nightjar is back.').waitFor()
  await using back = await ServerProcess.start({ data: folder.path, settings: { PORT: port } })
  await told
  await page.getByRole('slider', { name: 'Place in the chapter' }).press('Home')
  await expectPlayback(page)
  expect((await back.progress(id)).status).toBe('paused')
})
