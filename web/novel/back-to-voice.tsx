import { Trans } from '@lingui/react/macro'
import { AudioLines } from 'lucide-react'
import { Link } from 'wouter'

interface BackToVoiceProps {
  /** The page of the chapter that is heard, where it is another one. */
  readonly elsewhere: string | undefined
  readonly onBack: () => void
}

/** The way back to the sentence that is heard, for a reader who looked elsewhere. Over the page, so that nothing moves. */
export function BackToVoice({ elsewhere, onBack }: BackToVoiceProps) {
  const words = (
    <>
      <AudioLines size={18} aria-hidden="true" /> <Trans>Back to the voice</Trans>
    </>
  )
  return elsewhere === undefined ? (
    <button type="button" className="button back-to-voice" onClick={onBack}>
      {words}
    </button>
  ) : (
    <Link href={elsewhere} className="button back-to-voice">
      {words}
    </Link>
  )
}
