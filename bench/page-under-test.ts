import type { Browser, Page } from 'playwright-core'
import { captureAudioElement } from '../test/browser/audio-playback.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import type { ServerProcess } from '../test/program/server-process.ts'
import { startServerUnderTest } from './server-under-test.ts'

/** A quick engine, whose own time for a sentence is a few milliseconds. */
export const quickVoice = 'espeak:en-us'

export interface PageUnderTest {
  readonly server: ServerProcess
  readonly page: Page
}

/** Measures in a real browser, with a server on `folder`, or on an empty one. */
export async function inBrowser<Result>(
  measure: (underTest: PageUnderTest) => Promise<Result>,
  folder?: string,
): Promise<Result> {
  const browser = await launchChromium()
  if (!browser) throw new Error('There is no browser to measure in')
  try {
    await using underTest = await startServerUnderTest(folder)
    return await measure({ server: underTest.server, page: await openPage(browser) })
  } finally {
    await browser.close()
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(captureAudioElement)
  return context.newPage()
}

/** Adds a text that the quick voice reads. Returns its id. */
export async function addQuick(
  server: ServerProcess,
  text: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<string> {
  const { novel } = await server.add(text, name)
  await server.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ voice: quickVoice }),
  })
  return novel.id
}

/** Milliseconds from a press on a sentence until the clock of its sound moves. */
export function pressToSound(page: Page, segment: number): Promise<number> {
  return page.evaluate(async (index) => {
    const began = performance.now()
    let from: number | undefined
    document.querySelector<HTMLElement>(`[data-segment="${index}"]`)?.click()
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      const { sound } = globalThis
      if (!sound || sound.paused || sound.seeking || sound.readyState < 3) continue
      from ??= sound.currentTime
      if (sound.currentTime > from) return performance.now() - began - (sound.currentTime - from) * 1000
      if (performance.now() - began > 120_000) throw new Error('no sound came')
    }
  }, segment)
}
