import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Link } from 'wouter'
import { chapterName, chapterNumbers } from '../element/chapter-names.ts'
import { Confirm } from '../element/confirm.tsx'
import { Quiet } from '../element/page-state.tsx'
import { sizeWords } from '../element/size-words.ts'
import { useTitle } from '../element/use-title.ts'
import { canKeep } from './keeping.ts'
import { bytesOf, keptStore } from './kept-store.ts'
import type { KeptChapter, KeptNovel } from './offline-database.ts'
import { useKeeping, useKept } from './use-kept.ts'
import './device-page.css'

/** What is kept on this device for listening and reading without a server. */
export function DevicePage() {
  useTitle(t`On this device`)
  const { novels, chapters } = useKept()
  const keeping = useKeeping()
  const room = useRoom(bytesOf(chapters))
  if (!canKeep() && novels.length === 0)
    return (
      <Quiet title={t`On this device`}>
        <p>
          <Trans>
            Browsers keep chapters only from an address that begins with https, or on the machine itself. Open
            Nightjar in that way, and chapters can be heard and read here without it.
          </Trans>
        </p>
      </Quiet>
    )
  if (novels.length === 0)
    return (
      <Quiet title={t`On this device`}>
        <p>
          <Trans>
            Nothing is kept here yet. Open a book and tick chapters, or let the next ones be kept, always:
            they can be heard and read without Nightjar.
          </Trans>
        </p>
      </Quiet>
    )
  return (
    <div className="device">
      <h1>
        <Trans>On this device</Trans>
      </h1>
      <p className="figures">
        {plural(chapters.filter(({ kept }) => kept).length, { one: '# chapter', other: '# chapters' })} ·{' '}
        {sizeWords(bytesOf(chapters))}
        {room &&
          room.quota > 0 &&
          ` · ${t`${sizeWords(room.usage)} of the ${sizeWords(room.quota)} that the browser lends`}`}
      </p>
      {room?.persisted === false && (
        <p className="figures">
          <Trans>
            The browser may let go of it when it needs the room, or after weeks without a visit. Where
            Nightjar is installed as an app, or on the home screen, it stays.
          </Trans>
        </p>
      )}
      {keeping.kind === 'full' && (
        <p className="trouble" role="alert">
          <Trans>
            There is no more room in this browser. Remove chapters here, or free some of the device’s storage;
            then the rest is kept.
          </Trans>
        </p>
      )}
      {novels.map((kept) => (
        <OfNovel
          key={kept.id}
          kept={kept}
          chapters={chapters.filter(({ novelId }) => novelId === kept.id)}
          fetching={keeping.kind === 'fetching' && keeping.novelId === kept.id ? keeping.number : undefined}
        />
      ))}
      <Confirm
        trigger={
          <Button className="button">
            <Trans>Remove all</Trans>
          </Button>
        }
        title={t`Remove all that is kept on this device?`}
        action={t`Remove all`}
        onConfirm={async () => {
          for (const { id } of novels) await keptStore.removeNovel(id)
        }}
      >
        <p>
          <Trans>Your books, your place in them and your bookmarks stay where they are.</Trans>
        </p>
      </Confirm>
    </div>
  )
}

interface OfNovelProps {
  readonly kept: KeptNovel
  readonly chapters: readonly KeptChapter[]
  /** The number of the chapter that is being fetched. */
  readonly fetching: number | undefined
}

function OfNovel({ kept, chapters, fetching }: OfNovelProps) {
  const { id, novel, ahead, gone } = kept
  const numbers = chapterNumbers(kept.chapters)
  return (
    <section aria-labelledby={`kept-${id}`}>
      <header className="device-head">
        <h2 id={`kept-${id}`} lang={novel.language}>
          <Link href={`/novels/${id}`} className="plain">
            {novel.title}
          </Link>
        </h2>
        <button type="button" className="button small" onClick={() => void keptStore.removeNovel(id)}>
          <Trans>Remove all of it</Trans>
          <span className="unseen"> {novel.title}</span>
        </button>
      </header>
      <p className="figures">
        {sizeWords(bytesOf(chapters))}
        {ahead > 0 && ` · ${t`the next ${ahead} chapters, always`}`}
      </p>
      {gone && (
        <p>
          <Trans>This book is not on the server any more. What is kept of it can be removed.</Trans>
        </p>
      )}
      <ul className="device-chapters">
        {chapters.map((each) => {
          const { number: chapterNumber } = each
          const listed = kept.chapters.find(({ number }) => number === each.number)
          const name = listed ? chapterName(listed, numbers) : t`Chapter ${chapterNumber}`
          return (
            <li key={each.number}>
              <Link href={`/novels/${id}/chapters/${each.number}`} className="plain" lang={novel.language}>
                {name}
              </Link>
              <span className="figures">{stateWords(each, fetching === each.number)}</span>
              {each.byHand || gone ? (
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t`Remove ${name}`}
                  onClick={() => void keptStore.remove(id, [each.number])}
                >
                  <Trash2 size={18} aria-hidden="true" />
                </button>
              ) : (
                <span />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function stateWords({ kept }: KeptChapter, fetching: boolean): string {
  if (fetching) return t`being fetched`
  return kept ? sizeWords(kept.bytes) : t`when it is spoken`
}

/** Bytes that this page uses of what the browser lends it; asked for again when what is kept changes. */
function useRoom(
  bytes: number,
): { readonly usage: number; readonly quota: number; readonly persisted: boolean | undefined } | undefined {
  const { data } = useQuery({
    queryKey: ['room', bytes],
    queryFn: async () => {
      const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {}
      // A browser that cannot say so can be asked for nothing.
      return { usage, quota, persisted: await navigator.storage?.persisted?.() }
    },
    placeholderData: (before) => before,
  })
  return data
}
