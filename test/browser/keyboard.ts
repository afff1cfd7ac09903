import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { eventually } from './browser.ts'

interface Focus {
  /** What a screen reader would call it. */
  readonly name: string
  /** Whether it, or what stands for it, is drawn with an outline, within the window, with nothing over it. */
  readonly seen: boolean
}

/** What has the focus now; `undefined` at the top of the page, where nothing has it. */
function focusOf(page: Page): Promise<Focus | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement as (HTMLElement & { labels?: NodeListOf<HTMLElement> }) | null
    if (!element || element === document.body) return undefined
    const name =
      element.getAttribute('aria-label') ??
      (element.labels?.[0] ?? element).textContent.replaceAll(/\s+/g, ' ')
    const { left, top, width, height } = element.getBoundingClientRect()
    const above = document.elementFromPoint(left + width / 2, top + height / 2)
    const box = above?.closest('.seek, label') ?? element
    const outlined = [element, box].some((each) => Number.parseFloat(getComputedStyle(each).outlineWidth) > 0)
    const reached =
      above !== null && (element.contains(above) || above.contains(element) || box.contains(element))
    return { name: name.trim(), seen: outlined && reached }
  })
}

/** Presses Tab until the focus is on what has this name; every stop on the way can be seen. */
export async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press(key)
    const focus = await focusOf(page)
    if (!focus) continue
    // The page may have to be scrolled there first.
    if (!focus.seen)
      await eventually(async () =>
        expect(await focusOf(page), `after ${passed.join(', ')}`).toMatchObject({ seen: true }),
      )
    if (typeof name === 'string' ? focus.name === name : name.test(focus.name)) return
    passed.push(focus.name)
  }
  throw new Error(`The Tab key did not come to ${String(name)}, only to ${passed.join(', ')}`)
}

/** The focus is on what has this name, without anybody having moved it there. */
export async function focusIsOn(page: Page, name: string | RegExp): Promise<void> {
  await eventually(async () => expect((await focusOf(page))?.name ?? '').toMatch(name))
}
