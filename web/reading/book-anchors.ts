import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { addresses, get } from '../api.ts'

interface Place {
  readonly chapterNumber: number
}

/** Brings a place that links lead to into view, with the focus on its first sentence. Returns whether it is shown. */
export function goToAnchor(anchor: number): boolean {
  const block = document.getElementById(`anchor-${anchor}`)
  if (block === null) return false
  block.scrollIntoView({ block: 'start' })
  const sentence = block.matches('[data-segment]')
    ? block
    : block.querySelector<HTMLElement>('[data-segment]')
  sentence?.focus({ preventScroll: true })
  return true
}

/**
 * Goes to the place that the address of the page names, as soon as its chapter is shown. Chapters may have been moved
 * since the book was read: then the place is asked for. `onGo`: the reader is elsewhere than the voice.
 */
export function useAnchorOfPage(novelId: string, chapterNumber: number, onGo: () => void): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    const anchor = Number(/^#anchor-(\d{1,9})$/.exec(location.hash)?.[1] ?? 0)
    if (anchor === 0) return undefined
    const left = new AbortController()
    // In the next frame: a new page is first brought to its top.
    const frame = requestAnimationFrame(() => {
      onGo()
      if (!goToAnchor(anchor)) void seek(anchor)
    })
    async function seek(sought: number): Promise<void> {
      const asked = `${addresses.novels}/${novelId}/anchors/${sought}?near=${chapterNumber}`
      const found = await get<{ place: Place }>(asked, left.signal).catch(() => undefined)
      if (found && found.place.chapterNumber !== chapterNumber)
        navigate(`/novels/${novelId}/chapters/${found.place.chapterNumber}#anchor-${sought}`, {
          replace: true,
        })
    }
    return () => {
      cancelAnimationFrame(frame)
      left.abort()
    }
  }, [novelId, chapterNumber, onGo, navigate])
}
