import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Search } from 'lucide-react'
import { type FormEvent, useEffect, useRef } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import type { OpdsPageView } from '../../src/http/contract/opds-source-contract.ts'
import { BackLink } from '../element/back-link.tsx'
import { Loading, Trouble } from '../element/page-state.tsx'
import { useTitle } from '../element/use-title.ts'
import { type CataloguePlace, useCataloguePage } from './catalogue-api.ts'
import { CatalogueBooks } from './catalogue-books.tsx'
import { FetchedBooks } from './fetched-books.tsx'
import '../settings/settings.css'
import './catalogues.css'

function hrefOf(id: string, { at, search }: CataloguePlace): string {
  const query = new URLSearchParams({
    ...(at !== undefined && { at }),
    ...(search !== undefined && { search }),
  })
  return `/catalogues/${id}${query.size > 0 ? `?${query.toString()}` : ''}`
}

/** Goes through the lists of a catalogue of somebody else, and fetches books of it. */
export function CataloguePage({ id }: { readonly id: string }) {
  const query = useSearch()
  const asked = new URLSearchParams(query)
  const [at, search] = [asked.get('at') ?? undefined, asked.get('search') ?? undefined]
  const place = { ...(at !== undefined && { at }), ...(search !== undefined && { search }) }
  const { data, error, isPending, refetch } = useCataloguePage(id, place)
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(query)
  useEffect(() => {
    if (!data || shown.current === query) return
    shown.current = query
    scrollTo(0, 0)
    heading.current?.focus({ preventScroll: true })
  }, [data, query])
  const title = data?.page.title || data?.source.title
  useTitle(title)
  return (
    <div className="catalogue">
      {at === undefined ? (
        <BackLink href="/settings">
          <Trans>Settings</Trans>
        </BackLink>
      ) : (
        <BackLink href={hrefOf(id, {})}>{data?.source.title ?? t`The catalogue`}</BackLink>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {search === undefined ? (title ?? t`Catalogue`) : t`Found for “${search}”`}
      </h1>
      {isPending && <Loading words={t`Asking the catalogue…`} />}
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {data && <Contents key={query} id={id} page={data.page} />}
      <FetchedBooks />
    </div>
  )
}

function Contents({ id, page }: { readonly id: string; readonly page: OpdsPageView }) {
  const { folders, books, next, previous, search, total } = page
  return (
    <>
      {search !== null && <SearchForm id={id} at={search} />}
      {total !== null && <p className="soft">{plural(total, { one: '# entry', other: '# entries' })}</p>}
      {folders.length > 0 && (
        <ul className="catalogue-folders" aria-label={t`Lists`}>
          {folders.map(({ title, summary, address }, index) => (
            <li key={`${index} ${address}`}>
              <Link href={hrefOf(id, { at: address })}>{title}</Link>
              {summary !== null && <p className="soft">{summary}</p>}
            </li>
          ))}
        </ul>
      )}
      {books.length > 0 && <CatalogueBooks sourceId={id} books={books} />}
      {folders.length === 0 && books.length === 0 && (
        <p className="soft">
          <Trans>There is nothing in this list.</Trans>
        </p>
      )}
      {(next !== null || previous !== null) && (
        <nav className="catalogue-pages" aria-label={t`Pages`}>
          {previous !== null && (
            <Link className="button" href={hrefOf(id, { at: previous })}>
              <Trans>Previous page</Trans>
            </Link>
          )}
          {next !== null && (
            <Link className="button" href={hrefOf(id, { at: next })}>
              <Trans>Next page</Trans>
            </Link>
          )}
        </nav>
      )}
    </>
  )
}

function SearchForm({ id, at }: { readonly id: string; readonly at: string }) {
  const [, go] = useLocation()
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const words = new FormData(event.currentTarget).get('words')
    if (typeof words === 'string' && words.trim() !== '') go(hrefOf(id, { at, search: words.trim() }))
  }
  return (
    <search>
      <form className="catalogue-search" onSubmit={search}>
        <label className="search">
          <Search size={18} aria-hidden="true" />
          <span className="unseen">{t`Search the catalogue`}</span>
          <input type="search" name="words" maxLength={200} placeholder={t`Title or author`} />
        </label>
        <button type="submit" className="button">
          <Trans>Search</Trans>
        </button>
      </form>
    </search>
  )
}
