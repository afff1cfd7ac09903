import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Queue } from '../../src/http/contract/generation-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const rows = (page: Page) => page.locator('.queue-item .work-head a').allTextContents()

test('the queue is put in order by a menu and by dragging, and every device shows it', async ({
  device,
  nightjar,
}) => {
  const ids: string[] = []
  for (const [at, name] of ['Alpha', 'Bravo', 'Charlie'].entries()) {
    const { novel } = await nightjar.add(longStory(1, 500 + at), `${name}.txt`)
    const id = await nightjar.generate(novel.id)
    await nightjar.post(`/api/worker/progress/${id}/pause`, {})
    ids.push(id)
  }
  const [alpha, bravo, charlie] = ids
  const stored = async () => (await nightjar.json<Queue>('/api/worker/queue')).order
  const page = await device('/queue')
  const phone = await device('/queue', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await eventually(async () => expect(await rows(page)).toEqual(['Alpha', 'Bravo', 'Charlie']))
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await smallTargets(phone)).toEqual([])

  await page.getByRole('button', { name: 'Place of Charlie in the queue' }).click()
  await page.getByRole('menuitem', { name: 'Move to the top' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('menuitem', { name: 'Move to the top' }).click()
  for (const each of [page, phone])
    await eventually(async () => expect(await rows(each)).toEqual(['Charlie', 'Alpha', 'Bravo']))
  expect(await stored()).toEqual([charlie, alpha, bravo])
  await page.getByText('Charlie is number 1 of 3 in the queue now.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  for (const each of [page, phone])
    await eventually(async () => expect(await rows(each)).toEqual(['Alpha', 'Bravo', 'Charlie']))

  const first = page.locator('.queue-item').first()
  await page
    .locator('.queue-item')
    .last()
    .dragTo(first, { targetPosition: { x: 200, y: 4 } })
  await eventually(async () => expect(await rows(page)).toEqual(['Charlie', 'Alpha', 'Bravo']))
  await eventually(async () => expect(await stored()).toEqual([charlie, alpha, bravo]))
})

test('only what comes next is asked for, told, changed and stopped on the page of a book', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(9, 3), 'Delta.txt')
  const page = await device(`/novels/${novel.id}`)
  await page.getByText('Only what comes next…').click()
  await page.getByLabel('Chapters ahead').fill('2')
  await page
    .locator('.ahead .plan')
    .getByText(/to hear/)
    .waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Keeps 2 chapters ahead' }).waitFor()
  await page.getByText('2 of 2 chapters ready').waitFor()
  await page.getByText('2 of 9 chapters spoken').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ chapterNumber: 4, segment: 0, seconds: 0 })
  await nightjar.fetch(`/api/novels/${novel.id}/position`, { method: 'PUT', headers, body })
  await page.getByText('5 of 9 chapters spoken').waitFor()
  await page.getByText('3 of 3 chapters ready').waitFor()
  await page.getByRole('link', { name: 'Keeps 2 chapters ahead' }).click()
  await page.getByRole('heading', { level: 1, name: 'All ahead is ready' }).waitFor()
  expect(await page.getByText('%').count()).toBe(0)
  await page.goBack()
  await page.getByText('Change or stop').click()
  await page.getByRole('button', { name: 'Keep no more ahead' }).click()
  await page.getByRole('link', { name: 'Keeps 2 chapters ahead' }).waitFor({ state: 'detached' })
})
