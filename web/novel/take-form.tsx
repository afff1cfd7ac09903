import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { MouseEventHandler, ReactNode, Ref } from 'react'
import type { ExportForm } from '../../src/http/contract/export-contract.ts'
import { formWords } from './form-words.ts'
import { sizeWords } from '../element/size-words.ts'

interface TakeFormProps {
  readonly form: ExportForm
  readonly size: ReactNode
  /** What can be done about it. */
  readonly children: ReactNode
  /** What goes on with it, below. */
  readonly below?: ReactNode
}

/** One form's words, with what is to be done about it beside them. */
export function TakeForm({ form, size, children, below }: TakeFormProps) {
  const { title, what } = formWords(form)
  return (
    <li className="take-form" data-form={form.form}>
      <div className="take-form-words">
        <strong>{title}</strong> {size}
        <p className="soft">{what}</p>
      </div>
      <div className="take-form-acts">{children}</div>
      {below}
    </li>
  )
}

/** Bytes in words; `about` where they are foreseen. */
export function Size({ bytes, about = false }: { readonly bytes: number | null; readonly about?: boolean }) {
  if (bytes === null)
    return (
      <span className="figures">
        <Trans>size not known beforehand</Trans>
      </span>
    )
  return (
    <data className="figures" value={bytes}>
      {about && 'about '}
      {sizeWords(bytes)}
    </data>
  )
}

interface DownloadLinkProps {
  readonly address: string
  readonly title: string
  /** What the file is called where the server gives it no name. */
  readonly name?: string
  readonly word?: string
  readonly ref?: Ref<HTMLAnchorElement>
  readonly onClick?: MouseEventHandler<HTMLAnchorElement>
}

export function DownloadLink({ address, title, name = '', word, ...rest }: DownloadLinkProps) {
  return (
    <a className="button small" href={address} download={name} {...rest}>
      {word ?? t`Download`}
      <span className="unseen">: {title}</span>
    </a>
  )
}
