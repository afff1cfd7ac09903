import type { Page } from 'playwright-core'

/**
 * What can be pressed on a page and is smaller than a finger: 44 CSS pixels each way. Links within a sentence are as high
 * as their line, and the sentences of a book as the book is set.
 */
export function smallTargets(page: Page): Promise<string[]> {
  // What only a screen reader is given, React Aria's way out of a dialog, cannot be come to by the tab key.
  return page.evaluate(() => {
    const least = 43.5
    const small: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [role=button], [role=slider]',
    )) {
      const target = element.closest<HTMLElement>('label') ?? element
      const { width, height, bottom } = target.getBoundingClientRect()
      if (width === 0 || element.hidden || element.closest('.skip-link, [aria-hidden=true]')) continue
      if (bottom < 0 || element.tabIndex < 0) continue
      const inLine =
        element.tagName === 'A' &&
        getComputedStyle(element).display === 'inline' &&
        element.parentElement?.textContent !== element.textContent
      if (inLine) continue
      if (width >= least && height >= least) continue
      const name = element.getAttribute('aria-label') ?? target.textContent.trim().slice(0, 40)
      small.push(`${element.tagName.toLowerCase()} “${name}” ${Math.round(width)} × ${Math.round(height)}`)
    }
    return small
  })
}
