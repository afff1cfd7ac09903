import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds wrong on a page, by all its rules or by these. */
export async function accessibilityFaults(page: Page, ...rules: string[]): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async (runOnly) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe }
    const { violations } = await inPage.run(runOnly.length > 0 ? { runOnly } : {})
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }, rules)
}
