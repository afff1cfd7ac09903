import { createContext, type MouseEvent, type ReactNode, use } from 'react'
import { Link } from 'wouter'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { goToAnchor } from './book-anchors.ts'

type To = NonNullable<NonNullable<Chapter['blocks'][number]['marks']>[number]['to']>

/** The novel that the text around is of. */
export const LinksOf = createContext('')

interface BookLinkProps {
  readonly to: To
  readonly children: ReactNode
}

/** A link of the book: to another place in it, or out to the web in a window of its own. */
export function BookLink({ to, children }: BookLinkProps) {
  const novelId = use(LinksOf)
  if ('href' in to)
    return (
      <a className="book-link" href={to.href} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    )
  return (
    <Link
      className="book-link"
      href={`/novels/${novelId}/chapters/${to.chapter}#anchor-${to.anchor}`}
      onClick={(event: MouseEvent) => {
        if (!event.metaKey && !event.ctrlKey && goToAnchor(to.anchor)) event.preventDefault()
      }}
    >
      {children}
    </Link>
  )
}
