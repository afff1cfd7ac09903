import { type RefObject, useLayoutEffect } from 'react'

/**
 * Once this is shown, it takes the focus if nothing has it: what was pressed has given place to it. Dialogs need that,
 * since there `useKeptFocus` does not look.
 */
export function useRegainedFocus(place: RefObject<HTMLElement | null>, shown = true): void {
  // At once: in the next frame the dialog itself gives the focus to its first control.
  useLayoutEffect(() => {
    if (!shown || document.activeElement !== document.body) return
    const element = place.current
    const control = element?.matches('a, button') ? element : element?.querySelector('button')
    control?.focus({ preventScroll: true })
  }, [place, shown])
}
