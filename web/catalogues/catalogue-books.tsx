import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OpdsBookView } from '../../src/http/contract/opds-source-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { catalogueApi } from './catalogue-api.ts'

interface CatalogueBooksProps {
  readonly sourceId: string
  readonly books: readonly OpdsBookView[]
}

/** The books of a page, to be chosen and fetched. */
export function CatalogueBooks({ sourceId, books }: CatalogueBooksProps) {
  const client = useQueryClient()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const wanted = books.filter(({ files: [file] }) => file !== undefined && chosen.has(file.address))
  const fetch = useMutation({
    mutationFn: () => catalogueApi.fetch(sourceId, wanted),
    onSuccess: async () => {
      setChosen(new Set())
      await client.invalidateQueries({ queryKey: keys.opdsFetches })
    },
  })
  const choose = (address: string, isChosen: boolean): void => {
    const now = new Set(chosen)
    if (isChosen) now.add(address)
    else now.delete(address)
    setChosen(now)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted.length > 0 && !fetch.isPending) fetch.mutate()
      }}
    >
      <ul className="catalogue-books" aria-label={t`Books`}>
        {books.map((book, index) => (
          <BookLine
            key={`${index} ${book.files[0]?.address ?? ''}`}
            book={book}
            isChosen={book.files[0] !== undefined && chosen.has(book.files[0].address)}
            onChoose={choose}
          />
        ))}
      </ul>
      {fetch.isError && <Trouble error={fetch.error} />}
      <PushButton type="submit" className="button main" idle={fetch.isPending || wanted.length === 0}>
        {wanted.length === 0
          ? t`Choose books to fetch`
          : plural(wanted.length, { one: 'Fetch # book', other: 'Fetch # books' })}
      </PushButton>
    </form>
  )
}

interface BookLineProps {
  readonly book: OpdsBookView
  readonly isChosen: boolean
  readonly onChoose: (address: string, isChosen: boolean) => void
}

function BookLine({ book: { title, author, summary, files }, isChosen, onChoose }: BookLineProps) {
  const [file] = files
  const name = (
    <span>
      <span className="catalogue-title">{title || t`Without a title`}</span>
      {author !== '' && <span className="soft"> {author}</span>}
    </span>
  )
  return (
    <li>
      {file ? (
        <label className="setting-switch">
          <input
            type="checkbox"
            checked={isChosen}
            onChange={({ target }) => onChoose(file.address, target.checked)}
          />
          {name}
        </label>
      ) : (
        <p>
          {name} <Trans>Not in a format that Nightjar reads.</Trans>
        </p>
      )}
      {summary !== null && <p className="soft catalogue-summary">{summary}</p>}
    </li>
  )
}
