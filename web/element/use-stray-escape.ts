import { useEffect } from 'react'

/**
 * Has the topmost dialog or menu hear each Escape, wherever the focus is. It comes into what opens, and back from what closes,
 * as late as a frame after that, and until then stands behind the topmost, in what is on its way out, or nowhere, where React
 * Aria hears it in vain or not at all. What has the focus within the topmost hears it first, as ever.
 */
export function useStrayEscape(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
      const above = topmost()
      if (!above || above.contains(event.target as Node)) return
      event.stopImmediatePropagation()
      event.preventDefault()
      above.dispatchEvent(new KeyboardEvent('keydown', event))
    }
    addEventListener('keydown', press, { capture: true })
    return () => removeEventListener('keydown', press, { capture: true })
  }, [])
}

/** What was laid over the page last and is not on its way out. A menu has a dialog around it. */
function topmost(): Element | undefined {
  return [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].findLast(
    (each) => each.closest('[data-exiting]') === null,
  )
}
