import { useEffect } from 'react'

/**
 * Has the topmost dialog hear an Escape that comes while the focus is on its way back from another one, a frame after that
 * has closed: till then it is nowhere, and no dialog would hear it.
 */
export function useStrayEscape(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.target !== document.body || event.defaultPrevented) return
      const dialog = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].at(-1)
      dialog?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
