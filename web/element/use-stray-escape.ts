import { useEffect } from 'react'

/** Milliseconds that what is on its way out is waited for. */
const longestExit = 300

/**
 * Has the topmost dialog or menu hear each Escape, wherever the focus is. It comes into what opens, and back from what closes,
 * as late as a frame after that, and until then stands behind the topmost, in what is on its way out, or nowhere, where React
 * Aria hears it in vain or not at all. What has the focus within the topmost hears it first, as ever.
 */
export function useStrayEscape(): void {
  useEffect(() => {
    let passedOn: Promise<void> = Promise.resolve()
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
      const above = topmost()
      if (!above || above.contains(event.target as Node)) return
      event.stopImmediatePropagation()
      event.preventDefault()
      const again = new KeyboardEvent('keydown', event)
      passedOn = passedOn.then(focusSettled).then(() => void heardBy()?.dispatchEvent(again))
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

function heardBy(): Element | undefined {
  const [above, focused] = [topmost(), document.activeElement]
  return above && focused && above.contains(focused) ? focused : above
}

/**
 * The focus is where React Aria has it come back to. If the dialog behind closed before, it would find that place gone, and go
 * to the first link of the page.
 */
async function focusSettled(): Promise<void> {
  const until = performance.now() + longestExit
  do await nextFrame()
  while (document.querySelector('[data-exiting]') && performance.now() < until)
  await nextFrame()
}

function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}
