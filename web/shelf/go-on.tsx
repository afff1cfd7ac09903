import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Link } from 'wouter'
import type { BegunNovel } from '../../src/http/contract/begun-contract.ts'
import { chapterName } from '../element/chapter-names.ts'
import { Cover } from '../element/cover.tsx'
import { lengthWords } from '../element/time-words.ts'
import { takeOffRow, useBegun } from '../listener/begun.ts'
import { leftWords, useTimeLeft } from '../listener/use-time-left.ts'
import { ListenButton } from '../player/listen-button.tsx'

/** The books that were begun and not heard to the end, each one press away. */
export function GoOn() {
  const { data: begun = [] } = useBegun()
  if (begun.length === 0) return null
  return (
    <section className="go-on" aria-labelledby="go-on">
      <h2 id="go-on">
        <Trans>Continue listening</Trans>
      </h2>
      <ul className="go-on-row">
        {begun.map((novel) => (
          <GoOnWith key={novel.id} novel={novel} />
        ))}
      </ul>
    </section>
  )
}

function GoOnWith({ novel }: { readonly novel: BegunNovel }) {
  const client = useQueryClient()
  const left = useTimeLeft(novel)
  const takeOff = useMutation({ mutationFn: () => takeOffRow(client, novel) })
  const { chapter, title, language } = novel
  const numbers = new Map(chapter.inStory === undefined ? [] : [[chapter.number, chapter.inStory]])
  const named = { ...chapter, matter: 'body' } as const
  return (
    <li className="go-on-book">
      <div className="go-on-cover">
        <Cover title={title} author={novel.author} language={language} image={novel.cover} />
      </div>
      <div className="go-on-words">
        <h3>
          <Link href={`/novels/${novel.id}`} className="plain" lang={language}>
            {title}
          </Link>
        </h3>
        <p className="figures go-on-chapter">
          <Link href={`/novels/${novel.id}/chapters/${chapter.number}`} className="plain" lang={language}>
            {chapterName(named, numbers)}
          </Link>
          {left && ` · ${lengthWords(left.chapterSeconds)}`}
        </p>
        {left && <p className="figures">{leftWords(left.seconds, left.about)}</p>}
      </div>
      <ListenButton
        sign
        className="icon-button main"
        novel={novel}
        chapterNumber={chapter.number}
        words={t`Go on listening: ${title}`}
        pauseWords={t`Pause ${title}`}
      />
      <button
        type="button"
        className="icon-button go-on-off"
        aria-label={t`Take ${title} off the row`}
        title={takeOff.isError ? takeOff.error.message : t`Take it off the row`}
        onClick={() => takeOff.mutate()}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </li>
  )
}
