import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ImportReport } from '../../src/http/contract/import-report-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { leftOutWords } from './left-out.ts'
import { remarkWords } from './remark-words.ts'
import './import-report.css'

/** What the formats are called in every language; plain text has words. */
const formats: Readonly<Record<Exclude<ImportReport['format'], 'text'>, string>> = {
  epub: 'EPUB',
  fb2: 'FB2',
  mobi: 'Kindle (MOBI, AZW3)',
  pdf: 'PDF',
  docx: 'Word',
  odt: 'OpenDocument',
  rtf: 'RTF',
  html: 'HTML',
  markdown: 'Markdown',
}

/** `found by its headings`; an evidence that this page does not know is told as it is. */
function evidenceWords(evidence: string): string {
  const words: Readonly<Record<string, string>> = {
    nav: t`found by the book’s table of contents`,
    ncx: t`found by the book’s table of contents`,
    headings: t`found by its headings`,
    'numbered-lines': t`found by its numbered lines`,
    spine: t`found by its files`,
    'whole-text': t`since nothing in it tells chapters apart`,
  }
  return words[evidence] ?? evidence
}

/** What the import found and left out, so that a person can check it. */
export function ImportReport({ report }: { readonly report: Novel['report'] }) {
  const leftOut = leftOutWords(report.skipped)
  const form = report.format === 'text' ? t`Plain text` : formats[report.format]
  const chapters = plural(report.chapters, { one: '# chapter', other: '# chapters' })
  const characters = plural(report.characters, { one: '# character', other: '# characters' })
  const evidence = evidenceWords(report.evidence)
  return (
    <div className="import-report">
      <p>
        {report.encoding ? (
          <Trans>
            {form}, read as {report.encoding}: {chapters} {evidence}, {characters}.
          </Trans>
        ) : (
          <Trans>
            {form}: {chapters} {evidence}, {characters}.
          </Trans>
        )}
      </p>
      {leftOut && (
        <p>
          <Trans>
            Not spoken: {leftOut}. A chapter’s page shows what was left out of it, and there you can have a
            text read aloud after all.
          </Trans>
        </p>
      )}
      {report.remarks.length > 0 && (
        <ul>
          {report.remarks.map((remark) => {
            const words = remarkWords(remark)
            // What this page cannot say is read to the ear as the English that it is.
            return (
              <li key={remark} lang={words === undefined ? 'en' : undefined}>
                {words ?? remark}
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
