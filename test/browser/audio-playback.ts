import type { Page } from 'playwright-core'

declare global {
  /** The page's audio element that is heard, or was last: it has several, which stand in no document. */
  var sound: HTMLAudioElement | undefined
}

/** Runs in the page before its own scripts: keeps the audio elements that it makes. */
export function captureAudioElement(): void {
  globalThis.Audio = new Proxy(globalThis.Audio, {
    construct: (target, parameters) => {
      const element: HTMLAudioElement = Reflect.construct(target, parameters)
      globalThis.sound ??= element
      element.addEventListener('play', () => (globalThis.sound = element))
      return element
    },
  })
}

/** What is heard on a page: the clock of its audio, in seconds. */
export function clockOf(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.sound?.currentTime ?? 0)
}

/** Waits until the clock has moved on by so many seconds while the sound plays. */
export async function expectPlayback(page: Page, seconds = 1): Promise<void> {
  const from = await clockOf(page)
  await page.waitForFunction(
    (until) => globalThis.sound?.paused === false && globalThis.sound.currentTime >= until,
    from + seconds,
  )
}
