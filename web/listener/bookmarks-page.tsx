import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Download, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Bookmark, MarkedNovel } from '../../src/http/contract/bookmark-contract.ts'
import { api } from '../api.ts'
import { Loading, PageTrouble, Quiet, Trouble } from '../element/page-state.tsx'
import { offerUndo } from '../element/undo.tsx'
import { useTitle } from '../element/use-title.ts'
import { keys } from '../keys.ts'
import { usePlayer } from '../player/player-context.ts'
import { bookmarkFile, listenerApi } from './listener-api.ts'
import './bookmarks-page.css'

/** All bookmarks, novel by novel, or those of one. */
export function BookmarksPage({ novelId }: { readonly novelId?: string }) {
  useTitle(t`Bookmarks`)
  const all = useQuery({ queryKey: keys.bookmarks, queryFn: ({ signal }) => listenerApi.bookmarks(signal) })
  if (all.isError && !all.data)
    return <PageTrouble title={t`Bookmarks`} error={all.error} onRetry={() => void all.refetch()} />
  if (!all.data) return <Loading words={t`Fetching your bookmarks…`} />
  const bookmarks = all.data.bookmarks.filter((each) => novelId === undefined || each.novelId === novelId)
  if (bookmarks.length === 0)
    return (
      <Quiet title={t`No bookmarks yet`}>
        <p>
          <Trans>
            Press the bookmark sign, or the key b, while you listen or read, and the sentence is kept here.
          </Trans>
        </p>
        {novelId !== undefined && (
          <p>
            <Link href={`/novels/${novelId}`}>
              <Trans>To the book</Trans>
            </Link>
          </p>
        )}
      </Quiet>
    )
  return (
    <div className="bookmarks">
      <header className="bookmarks-head">
        <h1>
          <Trans>Bookmarks</Trans>
        </h1>
        {novelId === undefined ? (
          <a className="button small" href={bookmarkFile()} download>
            <Download size={16} aria-hidden="true" /> <Trans>All as Markdown</Trans>
          </a>
        ) : (
          <Link className="button small" href="/bookmarks">
            <Trans>Of all books</Trans>
          </Link>
        )}
      </header>
      {all.data.novels
        .filter(({ id }) => novelId === undefined || id === novelId)
        .map((novel) => (
          <OfNovel
            key={novel.id}
            novel={novel}
            bookmarks={bookmarks.filter((each) => each.novelId === novel.id)}
          />
        ))}
    </div>
  )
}

function OfNovel({
  novel,
  bookmarks,
}: {
  readonly novel: MarkedNovel
  readonly bookmarks: readonly Bookmark[]
}) {
  return (
    <section aria-labelledby={`bookmarks-${novel.id}`}>
      <header className="bookmarks-head">
        <h2 id={`bookmarks-${novel.id}`} lang={novel.language}>
          <Link href={`/novels/${novel.id}`} className="plain">
            {novel.title}
          </Link>
        </h2>
        <a
          className="button small"
          href={bookmarkFile(novel.id)}
          download
          aria-label={t`${novel.title} as Markdown`}
        >
          <Download size={16} aria-hidden="true" /> Markdown
        </a>
      </header>
      <ul className="bookmark-list">
        {bookmarks.map((bookmark) => (
          <Line key={bookmark.id} novel={novel} bookmark={bookmark} />
        ))}
      </ul>
    </section>
  )
}

function Line({ novel, bookmark }: { readonly novel: MarkedNovel; readonly bookmark: Bookmark }) {
  const { id, novelId, chapterNumber, chapterTitle, segment, quote } = bookmark
  const player = usePlayer()
  const client = useQueryClient()
  const [note, setNote] = useState(bookmark.note)
  const [error, setError] = useState<unknown>()
  const renew = () => client.invalidateQueries({ queryKey: keys.bookmarks })
  const { block, start, createdAt } = bookmark
  const put = (text: string) =>
    listenerApi.saveBookmark(novelId, id, { chapterNumber, block, start, note: text, createdAt })

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setError(undefined)
    try {
      await work()
      await renew()
    } catch (failure) {
      setError(failure)
    }
  }
  const remove = async (): Promise<void> => {
    await listenerApi.deleteBookmark(novelId, id)
    offerUndo({ words: t`The bookmark is deleted.`, undo: () => put(bookmark.note).then(renew) })
  }
  const play = async (): Promise<void> => {
    const { novel: whole } = await api.novel(novelId)
    void player.play(whole, chapterNumber, { segment })
  }
  return (
    <li className="bookmark">
      <blockquote lang={novel.language} dir="auto">
        {quote}
      </blockquote>
      <p className="figures">
        <Link href={`/novels/${novelId}/chapters/${chapterNumber}`} lang={novel.language}>
          {chapterTitle || t`Chapter ${chapterNumber}`}
        </Link>
      </p>
      <div className="bookmark-row">
        <textarea
          aria-label={t`Note`}
          placeholder={t`Note`}
          rows={note.includes('\n') ? 3 : 1}
          maxLength={20_000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onBlur={() => {
            if (note.trim() !== bookmark.note) void attempt(() => put(note))
          }}
        />
        <button
          type="button"
          className="icon-button"
          aria-label={t`Play from here`}
          onClick={() => void attempt(play)}
        >
          <Play size={18} aria-hidden="true" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={t`Delete the bookmark`}
          onClick={() => void attempt(remove)}
        >
          <Trash2 size={18} aria-hidden="true" />
        </button>
      </div>
      {error !== undefined && <Trouble error={error} />}
    </li>
  )
}
