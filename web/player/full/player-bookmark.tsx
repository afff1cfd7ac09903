import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Bookmark, BookmarkCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { setBookmark, type TakeBack } from '../../listener/mark-sentence.ts'
import { Announced, Told } from '../../element/told.tsx'
import { usePlayer } from '../player-context.ts'

/** Milliseconds for which a press takes the bookmark back. */
const offered = 30_000

/** Marks the sentence that is heard; the same button takes that back, for a while. */
export function PlayerBookmark() {
  const player = usePlayer()
  const client = useQueryClient()
  const [takeBack, setTakeBack] = useState<TakeBack>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (!takeBack) return undefined
    const timer = setTimeout(() => setTakeBack(undefined), offered)
    return () => clearTimeout(timer)
  }, [takeBack])
  async function press(): Promise<void> {
    setFailed(false)
    const { novel, chapterNumber, segment } = player.store.state
    try {
      if (takeBack) {
        await takeBack()
        setTakeBack(undefined)
      } else if (novel && chapterNumber !== undefined) {
        const undo = await setBookmark(client, { novelId: novel.id, chapterNumber, segment })
        setTakeBack(() => undo)
      }
    } catch {
      setFailed(true)
    }
  }
  const Sign = takeBack ? BookmarkCheck : Bookmark
  return (
    <div className="sheet-bookmark">
      <button type="button" className="button" onClick={() => void press()}>
        <Sign size={18} aria-hidden="true" />
        <span>{takeBack ? t`Take the bookmark back` : t`Bookmark`}</span>
      </button>
      <Told className="soft" words={failed && t`That did not work just now. Try again.`} />
      <Announced words={takeBack && t`The sentence is marked.`} />
    </div>
  )
}
