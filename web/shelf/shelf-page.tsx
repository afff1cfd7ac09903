import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useMay, useMayAdd } from '../account/account-state.ts'
import { api } from '../api.ts'
import { ChooseFiles } from '../element/choose-files.tsx'
import { Loading, Quiet, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useTitle } from '../element/use-title.ts'
import { keys } from '../keys.ts'
import { usePlayer } from '../player/player-context.ts'
import { useShelf } from '../queries.ts'
import { AddressDialog, ImportList, PasteDialog, UploadList } from '../lazy-pages/lazy-pages.ts'
import { DialogButton } from './dialog-button.tsx'
import { GoOn } from './go-on.tsx'
import { offerRestore } from './offer-restore.ts'
import { KeepChoice } from './keep-choice.tsx'
import { NovelCard } from './novel-card.tsx'
import { bookEndings, isOfBook } from './book-endings.ts'
import { useImports } from './use-imports.ts'
import type { useUploads } from './use-uploads.ts'
import { WhileAway } from './while-away.tsx'
import './shelf.css'

interface ShelfPageProps {
  readonly uploads: ReturnType<typeof useUploads>
}

export function ShelfPage({ uploads }: ShelfPageProps) {
  useTitle(t`Shelf`)
  const [search, setSearch] = useState('')
  const shelf = useShelf(useDeferredValue(search.trim()))
  const client = useQueryClient()
  const player = usePlayer()
  const [mayEdit, mayAdd] = [useMay('editor'), useMayAdd()]
  const remove = useMutation({
    mutationFn: async (id: string) => {
      await api.deleteNovel(id)
      offerRestore(client, id, novels.find((novel) => novel.id === id)?.title ?? '')
      if (player.store.state.novel?.id === id) player.close()
      client.removeQueries({ queryKey: keys.novel(id) })
      await Promise.all([keys.novels, keys.begun].map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
  const imports = useImports(mayAdd).data ?? []
  const novels = shelf.data?.pages.flat() ?? []
  const arriving = uploads.items.length + imports.length > 0 || uploads.refused !== undefined
  const empty = shelf.isSuccess && novels.length === 0 && search.trim() === '' && !arriving

  return (
    <div className="shelf">
      {!empty && (
        <div className="shelf-head">
          <h1>
            <Trans>Your shelf</Trans>
          </h1>
          <label className="search">
            <Search size={18} aria-hidden="true" />
            <span className="unseen">{t`Search your shelf`}</span>
            <input
              type="search"
              placeholder={t`Title or author`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
          {mayAdd && <AddBooks uploads={uploads} />}
        </div>
      )}
      {search === '' && shelf.isSuccess && <WhileAway novels={novels} />}
      {uploads.items.length > 0 && <UploadList uploads={uploads} />}
      {uploads.refused && <Trouble error={uploads.refused.error} onRetry={uploads.refused.again} />}
      {mayAdd && imports.length > 0 && <ImportList imports={imports} />}
      {shelf.isPending && <Loading words={t`Fetching your books…`} />}
      {shelf.isError && <Trouble error={shelf.error} onRetry={() => void shelf.refetch()} />}
      {empty && !mayAdd && (
        <Quiet title={t`No books yet`}>
          <p>
            <Trans>Whoever looks after this Nightjar has not brought a book yet.</Trans>
          </p>
        </Quiet>
      )}
      {empty && mayAdd && (
        <Quiet title={t`Bring a book`}>
          <p>
            <Trans>
              Choose a book (EPUB, Kindle, FB2, PDF, Word, OpenDocument, RTF, web page, text), or drop it
              anywhere on this page. Nightjar reads it, and speaks it while you do something else.
            </Trans>
          </p>
          <AddBooks uploads={uploads} />
        </Quiet>
      )}
      {shelf.isSuccess && novels.length === 0 && search.trim() !== '' && (
        <p className="soft">
          <Trans>No book on your shelf has “{search.trim()}” in its title or author.</Trans>
        </p>
      )}
      {search === '' && <GoOn />}
      <ul className="novels">
        {novels.map((novel) => (
          <NovelCard
            key={novel.id}
            novel={novel}
            onDelete={mayEdit || novel.kept ? () => remove.mutateAsync(novel.id) : undefined}
          />
        ))}
      </ul>
      {shelf.hasNextPage && (
        <PushButton
          className="button"
          idle={shelf.isFetchingNextPage}
          onClick={() => void shelf.fetchNextPage()}
        >
          {shelf.isFetchingNextPage ? t`Fetching more…` : t`Show more books`}
        </PushButton>
      )}
    </div>
  )
}

function AddBooks({ uploads: { add: onFiles, kept, setKept } }: ShelfPageProps) {
  const mayEdit = useMay('editor')
  return (
    <>
      <ChooseFiles
        className="button main"
        accept={`${bookEndings},application/epub+zip,text/html,text/plain`}
        onFiles={onFiles}
      >
        <Plus size={18} aria-hidden="true" /> <Trans>Add a book</Trans>
      </ChooseFiles>
      <ChooseFiles
        folder
        className="button"
        onFiles={(files) => onFiles(files.filter(({ name }) => isOfBook(name)))}
      >
        <Trans>Add a folder</Trans>
      </ChooseFiles>
      <DialogButton dialog={PasteDialog}>
        <Trans>Paste a text</Trans>
      </DialogButton>
      <DialogButton dialog={AddressDialog}>
        <Trans>From the web</Trans>
      </DialogButton>
      {/* Files are on their way as soon as they are chosen or dropped. What a listener adds is theirs alone anyway. */}
      {mayEdit && <KeepChoice kept={kept} onKept={setKept} words={t`Keep files that I add to myself`} />}
    </>
  )
}
