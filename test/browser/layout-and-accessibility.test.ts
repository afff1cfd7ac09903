import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import type { ServerProcess } from '../program/server-process.ts'
import { epub } from './books.ts'
import { test } from './browser.ts'
import { accessibilityFaults } from './accessibility-check.ts'
import { smallTargets } from './touch-targets.ts'

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const longTitle =
  'The Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner: Who Lived Eight and Twenty Years All Alone in an Uninhabited Island'
const vietnamese = `Dế Mèn Phiêu Lưu Ký\n\n${Array.from({ length: 3 }, (_, at) => `Chương ${at + 1}: Tôi sống độc lập từ thuở bé, một sự ngẫm nghĩ\n\nTôi sống độc lập từ thuở bé. Ấy là tục lệ lâu đời trong họ nhà dế chúng tôi.\n`).join('\n')}`
const chinese = `西游记\n\n${Array.from({ length: 3 }, (_, at) => `第${'一二三'[at]}回 灵根育孕源流出 心性修持大道生\n\n诗曰：混沌未分天地乱，茫茫渺渺无人见。自从盘古破鸿蒙，开辟从兹清浊辨。\n`).join('\n')}`

/** Books of several kinds, one of them partly spoken. Returns the addresses of all pages. */
async function furnished(nightjar: ServerProcess): Promise<string[]> {
  const encoder = new TextEncoder()
  const { novel } = await nightjar.add(await epub('The Night Watch'), 'watch.epub')
  await nightjar.add(await epub(longTitle), 'crusoe.epub')
  const { novel: de } = await nightjar.add(encoder.encode(vietnamese), 'dế mèn.txt')
  const { novel: xi } = await nightjar.add(encoder.encode(chinese), '西游记.txt')
  const finished = await nightjar.generate(novel.id, [1])
  await nightjar.finished(finished)
  const { novel: long } = await nightjar.add(longStory(2, 1500), 'long.txt')
  const paused = await nightjar.generate(long.id)
  await nightjar.until(paused, ({ segmentsDone }) => segmentsDone > 0)
  await nightjar.post(`/api/worker/progress/${paused}/pause`, {})
  return [
    '/',
    `/novels/${novel.id}`,
    `/novels/${de.id}`,
    `/novels/${xi.id}/chapters/1`,
    `/novels/${novel.id}/chapters/1`,
    `/generations/${finished}`,
    `/generations/${paused}`,
    '/queue',
    '/voices',
    '/machines',
    '/settings',
    '/nowhere',
  ]
}

test('no page is wider than its screen, jumps as it loads, or has a fault that a screen reader would meet', async ({
  device,
  nightjar,
}) => {
  const paths = await furnished(nightjar)
  for (const options of [phone, { viewport: { width: 1280, height: 800 } }] as const) {
    const page = await device('/', { ...options, expected: /status of 404/ })
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          globalThis.shifted = (globalThis.shifted ?? 0) + entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    for (const path of paths) {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(new URL(path, page.url()).href)
      await page.locator('main h1').first().waitFor()
      const where = `${path}, ${options.viewport.width} px`
      expect(await accessibilityFaults(page), where).toEqual([])
      // In the dark nothing but the colours is different.
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await accessibilityFaults(page, 'color-contrast'), `${where}, dark`).toEqual([])
      const { width, shifted } = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        shifted: globalThis.shifted ?? 0,
      }))
      expect(width, path).toBeLessThanOrEqual(options.viewport.width)
      expect(shifted, `${path}: what was seen first moved`).toBeLessThan(0.005)
      if (options === phone) expect(await smallTargets(page), where).toEqual([])
    }
  }
})

test('dialogs have no such fault either', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(await epub('Asked About'), 'asked.epub')
  const page = await device(`/novels/${novel.id}`, phone)
  await page.getByRole('button', { name: /^Choose a voice/ }).click()
  await page.getByRole('dialog').getByRole('radio').first().waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  expect(await smallTargets(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.goto(new URL('/', page.url()).href)
  await page.getByRole('button', { name: 'Delete Asked About' }).click()
  await page.getByRole('alertdialog').waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
})

test('the full player of a book with a long title is no wider than a phone', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(await epub(longTitle), 'long-title.epub')
  const page = await device(`/novels/${novel.id}`, phone)
  await page.getByRole('button', { name: 'Listen', exact: true }).click()
  await page.getByRole('button', { name: 'Open the full player' }).click()
  const sheet = page.locator('.player-sheet')
  await sheet.getByRole('button', { name: 'Next chapter' }).waitFor()
  expect((await sheet.boundingBox())!.width).toBe(page.viewportSize()!.width)
  await sheet.getByRole('button', { name: 'Next chapter' }).click()
  expect(await accessibilityFaults(page)).toEqual([])
})

test('nothing moves on the page for those who asked for that', async ({ device, nightjar }) => {
  const { novel } = await nightjar.add(longStory(1, 1200), 'breathing.txt')
  const id = await nightjar.generate(novel.id)
  const moving = (page: Page) => page.evaluate(() => document.getAnimations().length)
  const page = await device(`/generations/${id}`)
  await page.waitForFunction(() => document.getAnimations().length > 0)
  const still = await device(`/generations/${id}`, { reducedMotion: 'reduce' })
  await still.locator('.ribbon .speaking[d^=M]').first().waitFor()
  expect(await moving(still)).toBe(0)
  await nightjar.post(`/api/worker/progress/${id}/cancel`, {})
})

test('of a thousand chapters only those in sight are in the page, and each can be come to', async ({
  device,
  nightjar,
}) => {
  const { novel } = await nightjar.add(longStory(1000, 1), 'thousand.txt')
  const page = await device(`/novels/${novel.id}`)
  const rows = page.locator('.chapter-row')
  await rows.first().waitFor()
  expect(await rows.count()).toBeLessThan(60)
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  await page.getByRole('checkbox', { name: /^Select chapter 1000,/ }).check()
  expect(await rows.count()).toBeLessThan(60)
  await page.getByRole('searchbox', { name: 'Find a chapter' }).fill('500')
  await page.getByRole('checkbox', { name: /^Select chapter 500,/ }).check()
  await page.getByRole('button', { name: 'Speak 2 chapters' }).waitFor()
})

test('the page comes over the wire packed', async ({ device }) => {
  const page = await device()
  const sizes = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => name.includes('/assets/'))
      .map(({ encodedBodySize, decodedBodySize }) => [encodedBodySize, decodedBodySize] as const),
  )
  expect(sizes.length).toBeGreaterThanOrEqual(2)
  // Some hundred bytes hardly get smaller.
  for (const [encoded, decoded] of sizes) if (decoded > 3000) expect(encoded).toBeLessThan(decoded * 0.4)
})

declare global {
  /** Layout shifts since the page began, as the browser counts them. */
  var shifted: number | undefined
}
