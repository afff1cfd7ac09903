import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { counted } from '../element/figure-words.ts'
import { leftOutWords } from './left-out.ts'

const evidenceWords: Readonly<Record<string, string>> = {
  nav: 'found by the book’s table of contents',
  ncx: 'found by the book’s table of contents',
  headings: 'found by its headings',
  'numbered-lines': 'found by its numbered lines',
  spine: 'found by its files',
  'whole-text': 'since nothing in it tells chapters apart',
}

/** What the import found and left out, so that a person can check it. */
export function ImportReport({ report }: { readonly report: Novel['report'] }) {
  const leftOut = leftOutWords(report.skipped)
  return (
    <div className="import-report">
      <p>
        {report.format === 'epub' ? 'EPUB' : 'Plain text'}
        {report.encoding && `, read as ${report.encoding}`}: {counted(report.chapters, 'chapter')}{' '}
        {evidenceWords[report.evidence] ?? report.evidence}, {counted(report.characters, 'character')}.
      </p>
      {leftOut && (
        <p>
          Not spoken: {leftOut}. A chapter’s page shows what was left out of it, and there you can have a text
          read aloud after all.
        </p>
      )}
      {report.remarks.length > 0 && (
        <ul>
          {report.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
