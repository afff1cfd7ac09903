import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds wrong on a page, by all its rules or by these; by all, also that it has more than one live region. */
export async function accessibilityFaults(page: Page, ...rules: string[]): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async (runOnly) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe }
    const { violations } = await inPage.run(runOnly.length > 0 ? { runOnly } : {})
    const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    // React Aria has its own while something is dragged; what a slider shows says nothing.
    const live = [...document.querySelectorAll('output, [aria-live], [role=status], [role=log]')].filter(
      (element) =>
        element.getAttribute('aria-live') !== 'off' &&
        element.parentElement?.closest('[data-live-announcer]') === null,
    )
    if (runOnly.length === 0 && live.length !== 1)
      faults.push(`live regions: ${live.map(({ outerHTML }) => outerHTML).join(' ')}`)
    return faults
  }, rules)
}
