import { type RefObject, useEffect } from 'react'

/** What is typed into is not among them: on a phone it would bring up the keyboard, and what is typed blindly would go there. */
const focusable = [
  'a[href]',
  'button',
  'input:is([type=checkbox], [type=radio], [type=range])',
  'select',
  'summary',
  '[tabindex="0"]',
].join()
const dialogs = '[role=dialog], [role=alertdialog]'

/**
 * What has the focus may go away: a card that is deleted, a button that has done its work. The browser then begins
 * again at the top of the page; here the focus goes to what stood beside it, or around it, instead.
 */
export function useKeptFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = page.current
    if (!element) return undefined
    let last: Element | undefined
    let nearby: Element[] = []
    const note = ({ target }: FocusEvent): void => {
      if ((target as Element).closest(dialogs)) return
      last = target as Element
      nearby = []
      for (let at = last; at.parentElement && at !== document.body; at = at.parentElement)
        nearby.push(...[at.nextElementSibling, at.previousElementSibling, at.parentElement].filter(isElement))
    }
    const keep = (): void => {
      if (document.activeElement !== document.body || last?.isConnected !== false) return
      if (document.querySelector(dialogs)) return
      const next = nearby.find((each) => each.isConnected && focusIn(each))
      const place = (next && focusIn(next)) ?? element
      place.focus({ preventScroll: true })
    }
    // In the next frame, since a dialog that closes gives the focus back by itself.
    const observer = new MutationObserver(() => requestAnimationFrame(keep))
    document.addEventListener('focusin', note)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      document.removeEventListener('focusin', note)
      observer.disconnect()
    }
  }, [page])
}

function focusIn(element: Element): HTMLElement | null {
  return element.matches(focusable) ? (element as HTMLElement) : element.querySelector<HTMLElement>(focusable)
}

function isElement(element: Element | null): element is Element {
  return element !== null
}
