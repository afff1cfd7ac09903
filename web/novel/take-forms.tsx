import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { formWords } from './form-words.ts'
import type { ExportForm } from '../../src/http/contract/export-contract.ts'
import { Loading, Trouble } from '../element/page-state.tsx'
import { figure } from '../element/figure-words.ts'
import { lengthWords } from '../element/time-words.ts'
import { DownloadLink, Size, TakeForm } from './take-form.tsx'
import { contentOf, useExports } from './take-queries.ts'
import { TakeRecording } from './take-recording.tsx'

interface TakeFormsProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

/** Each form that can be downloaded: what it is for, how large it is, and how to have it. */
export function TakeForms({ novel, chapters }: TakeFormsProps) {
  const content = contentOf(novel, chapters)
  const known = useExports(novel, content)
  if (known.isPending) return <Loading words={t`Looking what is ready…`} />
  if (!known.data) return <Trouble error={known.error} onRetry={() => void known.refetch()} />
  const { forms } = known.data
  const [first] = forms
  if (!first?.ready)
    return (
      <p className="soft">
        <Trans>Nothing is ready yet: a chapter can be taken along as soon as it is spoken.</Trans>
      </p>
    )
  const { chaptersReady, chaptersTotal, seconds } = first
  return (
    <>
      <p className="soft take-ready">
        {readyWords(chaptersReady, chaptersTotal)}, {lengthWords(seconds)}.
        {chaptersReady < chaptersTotal && (
          <>
            {' '}
            <Trans>Files hold what is ready, and grow with it.</Trans>
          </>
        )}
      </p>
      <ul className="take-forms" aria-label={t`Forms`}>
        {forms.map((form) => (
          <Form key={form.form} form={form} novel={novel} content={content} />
        ))}
      </ul>
    </>
  )
}

interface FormProps {
  readonly form: ExportForm
  readonly novel: Novel
  readonly content: string
}

function Form({ form, novel, content }: FormProps) {
  switch (form.form) {
    case 'chapters':
      return (
        <TakeForm form={form} size={null}>
          <span className="figures">
            <Trans>beside each chapter</Trans>
          </span>
        </TakeForm>
      )
    case 'vtt':
      return (
        <TakeForm form={form} size={<Size bytes={form.bytes} />}>
          <DownloadLink
            address={form.address}
            name={`${novel.title}.vtt`}
            word="WebVTT"
            title={t`subtitles`}
          />
          <DownloadLink
            address={form.address.replace('/book.vtt', '/book.srt')}
            name={`${novel.title}.srt`}
            word="SRT"
            title={t`subtitles`}
          />
        </TakeForm>
      )
    case 'srt':
      // It stands beside WebVTT.
      return null
    case 'mp3':
    case 'opus':
      return <TakeRecording form={form} novel={novel} content={content} />
    default:
      return (
        <TakeForm form={form} size={<Size bytes={form.bytes} />}>
          <DownloadLink address={form.address} title={formWords(form).title} />
        </TakeForm>
      )
  }
}

/** `14 of 61 chapters are ready`. */
function readyWords(ready: number, total: number): string {
  if (ready < total)
    return t`${figure(ready)} of ${plural(total, { one: '# chapter', other: '# chapters' })} ready`
  return total === 1
    ? t`Its one chapter is ready`
    : t`All ${plural(total, { one: '# chapter', other: '# chapters' })} are ready`
}
