import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Queue } from '../../src/http/contract/generation-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import type { Api } from '../program/api-client.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { eventually, test } from './browser.ts'
import { smallTargets } from './touch-targets.ts'

test.override('speakers', 1)

const rows = (page: Page) => page.locator('.queue-item .work-head a').allTextContents()

/** The works of three books, paused, in the order of the queue. */
async function pausedWorks(nightjar: Api): Promise<readonly string[]> {
  const known = await orderOf(nightjar)
  if (known.length > 0) return known
  await eventually(async () =>
    expect((await nightjar.json<{ voices: unknown[] }>('/api/voices')).voices).not.toEqual([]),
  )
  for (const [at, name] of ['Alpha', 'Bravo', 'Charlie'].entries()) {
    const { novel } = await nightjar.add(longStory(1, 500 + at), `${name}.txt`)
    await nightjar.post(`/api/worker/progress/${await nightjar.generate(novel.id)}/pause`, {})
  }
  return orderOf(nightjar)
}

async function orderOf(nightjar: Api): Promise<readonly string[]> {
  return (await nightjar.json<Queue>('/api/worker/queue')).order
}

test('the queue is put in order by a menu and by dragging, and every device shows it', async ({
  device,
  nightjar,
}) => {
  const [alpha, bravo, charlie] = await pausedWorks(nightjar)
  const stored = () => orderOf(nightjar)
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

test('the queue is put in order by a finger and by the keyboard, and all of it is said in the page’s language', async ({
  device,
  nightjar,
}) => {
  const [first, second, third] = await pausedWorks(nightjar)
  const stored = () => orderOf(nightjar)
  const phone = await device('/queue', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await eventually(async () => expect(await rows(phone)).toHaveLength(3))
  const finger = await phone.context().newCDPSession(phone)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  const middle = async (at: number) => {
    const { x, y, width, height } = (await phone.locator('.queue-grip').nth(at).boundingBox())!
    return { x: x + width / 2, y: y + height / 2 }
  }
  const draw = async (from: number, by: readonly number[]) => {
    const { x, y } = await middle(from)
    await touch('touchStart', x, y)
    for (const each of by) await touch('touchMove', x, y + each)
  }
  const height = (await middle(1)).y - (await middle(0)).y
  await draw(0, [10, height, 1.2 * height])
  await phone.locator('.queue-item[data-moved]').waitFor()
  await phone.locator('.queue-item[data-drop]').waitFor()
  expect(await accessibilityFaults(phone)).toEqual([])
  await touch('touchEnd')
  await eventually(async () => expect(await stored()).toEqual([second, first, third]))
  await phone.locator('.queue-item[data-moved]').waitFor({ state: 'detached' })
  // Not far enough, and a movement that the system takes over.
  await draw(0, [10, 0.2 * height])
  await touch('touchEnd')
  await draw(0, [10, 1.2 * height])
  await finger.send('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] })
  await draw(2, [-10, -2.2 * height])
  await touch('touchEnd')
  await eventually(async () => expect(await stored()).toEqual([third, second, first]))

  const page = await device('/queue', { locale: 'vi-VN' })
  await page.locator('.queue-item').first().waitFor()
  await record(page)
  const order = await rows(page)
  const grip = page.locator('.queue-grip').first()
  // Somebody at a keyboard.
  await page.keyboard.press('Tab')
  await grip.focus()
  await eventually(async () => expect(await described(page)).toContain('Nhấn Enter để bắt đầu kéo.'))
  await page.keyboard.press('Enter')
  await page.locator('.queue-item[data-dragging]').waitFor()
  await page.keyboard.press('End')
  await eventually(async () =>
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe(`Đặt sau ${order[2]}`),
  )
  // All but the places to drop is hidden from screen readers then, the heading too.
  const faults = await accessibilityFaults(page)
  expect(faults.filter((fault) => !fault.startsWith('page-has-heading-one'))).toEqual([])
  await page.keyboard.press('Enter')
  await eventually(async () => expect(await stored()).toEqual([second, first, third]))
  await grip.focus()
  await page.keyboard.press('Enter')
  await page.locator('.queue-item[data-dragging]').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.queue-item[data-dragging]').waitFor({ state: 'detached' })
  await eventually(async () => expect(await heard(page)).toContain('Đã hủy kéo.'))
  const said = await heard(page)
  expect(said).toContain('Đã thả.')
  expect(said).toMatch(/Đã bắt đầu kéo\./)
  expect(said).not.toMatch(/drag|drop|press|insert/i)
})

/** Notes from now on what live regions say; they forget it soon. */
async function record(page: Page): Promise<void> {
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    new MutationObserver((changes) => {
      for (const { target } of changes)
        if ((target as Element).closest?.('[aria-live], [role=log], output, [role=status]'))
          said.push(target.textContent ?? '')
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

function heard(page: Page): Promise<string> {
  return page.evaluate(() => (globalThis as unknown as { said: string[] }).said.join('\n'))
}

/** How what has the focus is described. */
function described(page: Page): Promise<string> {
  return page.evaluate(() =>
    (document.activeElement?.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  )
}

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
