import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMemo } from 'react'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { chapterName, chapterNumbers } from '../element/chapter-names.ts'
import { Cover } from '../element/cover.tsx'
import { ago, clock } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { ListenButton } from '../player/listen-button.tsx'
import { usePlayerState } from '../player/player-context.ts'
import { useNovel } from '../queries.ts'

/** The book that was listened to last, one press away. */
export function GoOn({ novels }: { readonly novels: readonly Novel[] }) {
  const inPlayer = usePlayerState((state) => state.novel?.id)
  const [latest] = novels
    .filter((novel) => novel.position)
    .toSorted((a, b) => Date.parse(b.position?.updatedAt ?? '') - Date.parse(a.position?.updatedAt ?? ''))
  // What plays has its place at the foot of the page; but what was pressed here stays, with the focus on it.
  if (!latest || (inPlayer !== undefined && inPlayer !== latest.id)) return null
  return <GoOnWith novel={latest} />
}

function GoOnWith({ novel }: { readonly novel: Novel }) {
  const now = useNow()
  const { data } = useNovel(novel.id)
  const numbers = useMemo(() => chapterNumbers(data?.chapters ?? []), [data])
  const { position } = novel
  if (!position) return null
  const chapter = data?.chapters.find(({ number }) => number === position.chapterNumber)
  return (
    <section className="go-on" aria-labelledby="go-on">
      <div className="go-on-cover">
        <Cover title={novel.title} author={novel.author} language={novel.language} image={novel.cover} />
      </div>
      <div>
        <h2 id="go-on">
          <Link href={`/novels/${novel.id}`} className="plain" lang={novel.language}>
            {novel.title}
          </Link>
        </h2>
        <p className="figures">
          {chapter && (
            <>
              <span lang={novel.language}>{chapterName(chapter, numbers)}</span>,{' '}
            </>
          )}
          <Trans>
            {clock(position.seconds)} · listened {ago(Date.parse(position.updatedAt), now)}
          </Trans>
        </p>
      </div>
      <ListenButton novel={novel} chapterNumber={position.chapterNumber} words={t`Go on listening`} />
    </section>
  )
}
