import { mkdir } from 'node:fs/promises'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { smallEpub } from '../fixtures/epub.ts'
import { longStory } from '../fixtures/long-story.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { launchChromium } from './chromium.ts'

const browser: Browser | undefined = await launchChromium()
const without = browser === undefined ? ' (skipped: no Chromium for this system)' : ''
const folder = await temporaryFolder()
let server: ServerProcess

beforeAll(async () => {
  await mkdir(folder.path, { recursive: true })
  server = await ServerProcess.start({ data: folder.path })
})

afterAll(async () => {
  await browser?.close()
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** A page on a device of its own, and everything that it complained about. */
async function device(
  path: string,
): Promise<{ page: Page; complaints: string[]; close: () => Promise<void> }> {
  if (!browser) throw new Error('no browser')
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== server.address) complaints.push(request.url())
  })
  await page.goto(new URL(path, server.address).href)
  return { page, complaints, close: () => context.close() }
}

async function drop(page: Page, bytes: Uint8Array, name: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ base64, fileName }) => {
      const data = Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0)
      const held = new DataTransfer()
      held.items.add(new File([data], fileName))
      return held
    },
    { base64: Buffer.from(bytes).toString('base64'), fileName: name },
  )
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer })
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
}

/** The clock of the player moves on. */
async function expectToPlay(page: Page): Promise<void> {
  const time = page.locator('.dock-time')
  const first = await time.textContent()
  await expect.poll(() => time.textContent(), { timeout: 20_000 }).not.toBe(first)
  const second = await time.textContent()
  await expect.poll(() => time.textContent(), { timeout: 20_000 }).not.toBe(second)
}

test.skipIf(!browser)(
  `a book is dropped, spoken while the browser is closed, found done on another device, and played${without}`,
  async () => {
    const first = await device('/')
    await drop(first.page, await smallEpub({ title: 'The Lamp' }), 'lamp.epub')
    await first.page.locator('.novel-card', { hasText: 'The Lamp' }).getByRole('link').first().click()
    await first.page.getByRole('button', { name: 'Speak the whole book' }).click()
    await expect.poll(async () => (await queued()).length).toBe(1)
    expect(first.complaints).toEqual([])
    await first.close()

    const [progressId = ''] = await queued()
    await server.finished(progressId)

    const second = await device(`/generations/${progressId}`)
    await second.page.getByText('Spoken to the end').first().waitFor()
    await second.page.getByRole('link', { name: 'The Lamp' }).first().click()
    await second.page.locator('.chapter-play').first().click()
    await expectToPlay(second.page)
    expect(second.complaints).toEqual([])
    await second.close()
  },
)

test.skipIf(!browser)(
  `a chapter that is still being made plays from its first finished segment${without}`,
  async () => {
    const { novel } = await server.add(longStory(1, 400), 'long.txt')
    const progressId = await server.generate(novel.id, [1], { voice: 'hibari:heart' })
    await server.until(progressId, ({ segmentsDone }) => segmentsDone >= 3)
    const { page, complaints, close } = await device(`/novels/${novel.id}`)
    await page.locator('.chapter-play').first().click()
    await expectToPlay(page)
    expect((await server.progress(progressId)).status).toBe('running')
    expect(complaints).toEqual([])
    await server.post(`/api/worker/progress/${progressId}/cancel`, {})
    await close()
  },
)

test.skipIf(!browser)(
  `a file that is no book shows the server's sentence, and unknown addresses say so${without}`,
  async () => {
    const { page, close } = await device('/')
    await drop(page, new TextEncoder().encode('%PDF-1.7 nothing else'), 'paper.pdf')
    await page.getByText(/paper\.pdf cannot be read as a book/).waitFor()
    await page.goto(new URL('/generations/01990000-0000-7000-8000-000000000000', server.address).href)
    await page
      .getByText(/There is no generation/)
      .first()
      .waitFor()
    await close()
  },
)

test.skipIf(!browser)(
  `on a phone nothing is wider than the screen, in the dark as in the light${without}`,
  async () => {
    const { page, close } = await device('/')
    await page.setViewportSize({ width: 390, height: 844 })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const path of ['/', '/queue']) {
        await page.goto(new URL(path, server.address).href)
        await page.locator('main').waitFor()
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      }
    }
    await close()
  },
)

test.skipIf(!browser)(`no page has a fault that a screen reader would meet${without}`, async () => {
  const { novel } = await server.add(longStory(2, 5), 'short.txt')
  const progressId = await server.generate(novel.id, [1])
  const { page, close } = await device('/')
  for (const path of [
    '/',
    `/novels/${novel.id}`,
    `/novels/${novel.id}/chapters/1`,
    `/generations/${progressId}`,
    '/queue',
  ]) {
    await page.goto(new URL(path, server.address).href)
    await page.locator('main h1').first().waitFor()
    await page.evaluate(axe.source)
    const violations = await page.evaluate(async () => {
      const { axe: inPage } = globalThis as unknown as { axe: typeof axe }
      return (await inPage.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    })
    expect(violations, path).toEqual([])
  }
  await close()
})

async function queued(): Promise<string[]> {
  const { running, waiting, finished } =
    await server.json<Record<string, { id: string }[]>>('/api/worker/queue')
  return [...(running ?? []), ...(waiting ?? []), ...(finished ?? [])].map(({ id }) => id)
}
