import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { markSentence, type Sentence } from './mark-sentence.ts'

/** Marks the sentence that is heard, or at which the listener stopped. */
export function MarkPlaceButton(sentence: Sentence) {
  const client = useQueryClient()
  const words = t`Bookmark your place`
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={words}
      title={words}
      onClick={() => void markSentence(client, sentence)}
    >
      <Bookmark size={18} aria-hidden="true" />
    </button>
  )
}
