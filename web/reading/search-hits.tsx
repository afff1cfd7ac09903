import { t } from '@lingui/core/macro'
import { useEffect, useRef } from 'react'
import type { SearchResult } from '../../src/http/contract/search-contract.ts'

interface SearchHitsProps {
  readonly hits: SearchResult['hits']
  /** Index of the one that Enter opens. */
  readonly reached: number
  readonly language: string
  readonly nameOf: (chapterNumber: number) => string
  readonly onOpen: (index: number) => void
  /** Whether there are more, and how they are asked for. */
  readonly more: boolean
  readonly onMore: () => void
}

/** The hits of a search, under the names of their chapters. More come when the end of the list is in view. */
export function SearchHits(props: SearchHitsProps) {
  const { hits, reached, language, nameOf, onOpen, more, onMore } = props
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[reached]?.scrollIntoView({ block: 'nearest' })
  }, [reached])
  return (
    // The field has the focus; its keys go through this list.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      ref={list}
      id="search-hits"
      // Of a text field's own list nothing can be set but plain words.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="listbox"
      aria-label={t`Places in the book`}
      className="search-hits"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        if (more && scrollTop + clientHeight > scrollHeight - 400) onMore()
      }}
    >
      {hits.map(({ chapterNumber, block, start, snippet }, at) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={`${chapterNumber}/${block}/${start}`}
          id={`search-hit-${at}`}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="option"
          aria-selected={at === reached}
          className="search-hit"
          onClick={() => onOpen(at)}
        >
          {hits[at - 1]?.chapterNumber !== chapterNumber && (
            <span className="search-chapter" lang={language} dir="auto">
              {nameOf(chapterNumber)}
            </span>
          )}
          <span className="search-words" lang={language} dir="auto">
            {snippet.text.slice(0, snippet.start)}
            <mark>{snippet.text.slice(snippet.start, snippet.end)}</mark>
            {snippet.text.slice(snippet.end)}
          </span>
        </div>
      ))}
    </div>
  )
}
