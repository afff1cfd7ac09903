import { expect } from 'vitest'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { epub } from './books.ts'
import { eventually, test } from './browser.ts'
import { clockOf, expectPlayback } from './audio-playback.ts'

test.override('speakers', 1)

interface Known {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

test('behind a busy queue a chapter that nobody asked for sounds when it is pressed, and so does one that waits', async ({
  device,
  nightjar,
}) => {
  const { novel: busy } = await nightjar.add(longStory(2, 900), 'busy.txt')
  const work = await nightjar.generate(busy.id, undefined, { priority: 50 })
  await nightjar.until(work, ({ segmentsDone }) => segmentsDone > 0)
  const { novel } = await nightjar.add(longStory(3, 60), 'wanted.txt')
  const page = await device(`/novels/${novel.id}`)
  await page.getByRole('button', { name: 'Play chapter 2' }).click()
  await expectPlayback(page)
  expect((await nightjar.progress(work)).status).toBe('running')
  const { chapters } = await nightjar.json<Known>(`/api/novels/${novel.id}`)
  expect(chapters.map(({ status }) => status)).toEqual([
    'none',
    expect.stringMatching(/running|completed/),
    'none',
  ])

  // Its last third is as far from being spoken, and as near to a press.
  await page.goto(new URL(`/novels/${novel.id}/chapters/3`, page.url()).href)
  await page.locator('[data-segment="45"]').click()
  await expectPlayback(page)
  const at = Number(await page.locator('[data-heard]').getAttribute('data-segment'))
  expect(at).toBeGreaterThanOrEqual(45)
  expect((await nightjar.progress(work)).status).toBe('running')

  // In line, behind all that: chapter 2 of the busy book, on its own page, from a sentence in its middle.
  await page.goto(new URL(`/novels/${busy.id}/chapters/2`, page.url()).href)
  await page.locator('.book-text[data-underway]').waitFor()
  await page.locator('[data-segment="300"]').click()
  await expectPlayback(page)
  expect(await page.locator('[data-heard]').textContent()).toContain('On day')
  expect((await nightjar.progress(work)).status).toBe('running')
  // A third into the chapter the clock says about a third of it, not its first second.
  expect(await clockOf(page)).toBeGreaterThan(300)
  await page.locator('.dock-time', { hasText: '≈' }).waitFor()
  await nightjar.post(`/api/worker/progress/${work}/cancel`, {})
})

test('a chapter of a paused work is spoken for the one who listens, and the work stays paused', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(2, 300), 'paused.txt')
  const id = await nightjar.generate(novel.id)
  await nightjar.post(`/api/worker/progress/${id}/pause`, {})
  const page = await device(`/generations/${id}`)
  await page.getByText('The work rests until you let it go on').waitFor()
  expect(await page.getByText('The work goes on').count()).toBe(0)
  await page.goto(new URL(`/novels/${novel.id}/chapters/2`, page.url()).href)
  await page.getByRole('button', { name: 'Listen' }).click()
  await expectPlayback(page)
  expect((await nightjar.progress(id)).status).toBe('paused')
  // Else the rest of the chapter would be spoken before what the next test asks for.
  const { running } = await nightjar.json<{ running: { id: string }[] }>('/api/worker/queue')
  for (const work of running) await nightjar.post(`/api/worker/progress/${work.id}/cancel`, {})
})

test('what was heard is told in the list, on the shelf and after a reload; so is the place', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(await epub('Half Heard'), 'half.epub')
  await nightjar.finished(await nightjar.generate(novel.id))
  const page = await device(`/novels/${novel.id}`)
  await page.getByText('3 of 3 chapters spoken').waitFor()
  expect(
    await page
      .locator('.figures')
      .getByText(/\bheard$/)
      .count(),
  ).toBe(0)
  await page.getByRole('button', { name: 'Play chapter 2' }).click()
  await page.getByRole('combobox', { name: 'Speed of playing' }).selectOption('3 ×')
  // The chapter ends, and the next one begins.
  await page.locator('.dock').getByRole('link', { name: 'The Letter' }).waitFor()
  const row = page.locator('.chapter-row', { hasText: 'The River' })
  await row.getByText('heard', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await eventually(async () => {
    const { chapters } = await nightjar.json<Known>(`/api/novels/${novel.id}`)
    expect(chapters[1]?.segmentsHeard).toBe(chapters[1]?.segmentsTotal)
  })
  await page.reload()
  await row.getByText('heard', { exact: true }).waitFor()
  await page.locator('.chapter-row', { hasText: 'The Letter' }).getByText('Your place:').waitFor()
  await row.getByRole('link', { name: 'The River' }).click()
  await page.locator('.chapter-tools').getByText('heard').waitFor()
  expect(await page.locator('.chapter-head .ribbon .heard').getAttribute('d')).toMatch(/^M/)
  await page
    .getByRole('button', { name: 'Go on' })
    .or(page.getByRole('button', { name: 'Listen' }))
    .click()
  await eventually(async () =>
    expect(await page.locator('.dock .ribbon .heard').getAttribute('d')).toMatch(/^M/),
  )
  const shelf = await device('/')
  await shelf
    .locator('.novel-card', { hasText: 'Half Heard' })
    .getByText(/% heard/)
    .waitFor()
})
