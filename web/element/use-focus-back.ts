import { type RefObject, useEffect, useRef } from 'react'

/** When a form that stood in its place is left, the button that had opened it has the focus again. */
export function useFocusBack(button: RefObject<HTMLElement | null>, open: boolean): void {
  const wasOpen = useRef(open)
  useEffect(() => {
    if (wasOpen.current && !open) button.current?.focus()
    wasOpen.current = open
  }, [button, open])
}
