import type { MouseEventHandler, ReactNode, Ref } from 'react'
import type { ExportForm } from '../../src/http/contract/export-contract.ts'
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
  return (
    <li className="take-form" data-form={form.form}>
      <div className="take-form-words">
        <strong>{form.title}</strong> {size}
        <p className="soft">{form.what}</p>
      </div>
      <div className="take-form-acts">{children}</div>
      {below}
    </li>
  )
}

/** Bytes in words; `about` where they are foreseen. */
export function Size({ bytes, about = false }: { readonly bytes: number | null; readonly about?: boolean }) {
  if (bytes === null) return <span className="figures">size not known beforehand</span>
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

export function DownloadLink({ address, title, name = '', word = 'Download', ...rest }: DownloadLinkProps) {
  return (
    <a className="button small" href={address} download={name} {...rest}>
      {word}
      <span className="unseen">: {title}</span>
    </a>
  )
}
