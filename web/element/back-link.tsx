import type { ReactNode } from 'react'
import { Link } from 'wouter'
import './back-link.css'

/** Above the heading of a page: the way back to what it is about. */
export function BackLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <p className="back-link">
      <Link href={href}>{children}</Link>
    </p>
  )
}
