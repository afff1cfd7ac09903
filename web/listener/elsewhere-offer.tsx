import { Trans, useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useRoute } from 'wouter'
import type { StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { chapterNumbers, shortName } from '../element/chapter-names.ts'
import { usePlayer, usePlayerState } from '../player/player-context.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { useNovel } from '../queries.ts'
import { placesElsewhere } from './places-elsewhere.ts'
import { announce } from '../element/announce.ts'
import './elsewhere-offer.css'

/** Says where another device is further in the novel that plays or is looked at, and goes there when that is pressed. */
export function ElsewhereOffer() {
  const inPlayer = usePlayerState((state) => state.novel?.id)
  const [, page] = useRoute('/novels/:id/*?')
  const novelId = inPlayer ?? page?.['id']
  return novelId === undefined ? null : <OfferIn key={novelId} novelId={novelId} />
}

function OfferIn({ novelId }: { readonly novelId: string }) {
  const { data } = useNovel(novelId)
  const position = data?.novel.position
  useEffect(() => {
    if (position) placesElsewhere.note(novelId, position)
  }, [novelId, position])
  const offered = useSyncExternalStore(placesElsewhere.watch, () => placesElsewhere.of(novelId))
  return <div className="elsewhere">{offered && data && <Offer known={data} place={offered} />}</div>
}

function Offer({ known, place }: { readonly known: NovelWithChapters; readonly place: StoredPosition }) {
  const { t } = useLingui()
  const player = usePlayer()
  const { novel, chapters } = known
  const numbers = useMemo(() => chapterNumbers(chapters), [chapters])
  const chapter = chapters.find(({ number }) => number === place.chapterNumber)
  const device = place.device?.name || t`another device`
  const where = chapter && shortName(chapter, numbers)
  const words = where === undefined ? '' : t`You were further on ${device}: ${where}.`
  useEffect(() => {
    if (words !== '') announce(words)
  }, [words])
  if (!chapter) return null
  return (
    <span className="elsewhere-words">
      {words}{' '}
      <button
        type="button"
        className="link-button"
        onClick={() => {
          placesElsewhere.settle(novel.id)
          void player.play(novel, place.chapterNumber, { segment: place.segment, seconds: place.seconds })
        }}
      >
        <Trans>Go there</Trans>
      </button>
      <button
        type="button"
        className="icon-button small"
        aria-label={t`Stay here`}
        onClick={() => placesElsewhere.settle(novel.id)}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </span>
  )
}
