import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ComponentType } from 'react'
import { Link } from 'wouter'
import { useMayChangeById } from '../account/may-change.ts'
import { Loading, Quiet } from '../element/page-state.tsx'

/** A page on which a novel is changed, for who may; others, who are not led there, are told so. */
export function forChangers<Props extends { readonly id: string }>(
  Page: ComponentType<Props>,
): ComponentType<Props> {
  return function ForChangers(props: Props) {
    const mayChange = useMayChangeById(props.id)
    if (mayChange === undefined) return <Loading words={t`Opening the book…`} />
    if (mayChange) return <Page {...props} />
    return (
      <Quiet title={t`This book is not yours to change`}>
        <p>
          <Trans>Editors and admins change the books of this Nightjar, and you the books that you add.</Trans>
        </p>
        <p>
          <Link href={`/novels/${props.id}`}>
            <Trans>To the book</Trans>
          </Link>
        </p>
      </Quiet>
    )
  }
}
