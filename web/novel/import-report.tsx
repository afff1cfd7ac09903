import type { Novel } from '../../src/http/contract.ts'
import { counted } from '../element/time-words.ts'
import { leftOutWords } from './left-out.ts'

const evidenceWords: Readonly<Record<string, string>> = {
  nav: 'the book’s table of contents',
  ncx: 'the book’s table of contents',
  headings: 'its headings',
  'numbered-lines': 'its numbered lines',
  spine: 'its files',
  'whole-text': 'nothing: it is one long text',
}

/** What the import found and left out, so that a person can check it. */
export function ImportReport({ report }: { readonly report: Novel['report'] }) {
  const leftOut = leftOutWords(report.skipped)
  return (
    <div className="import-report">
      <p>
        {report.format === 'epub' ? 'EPUB' : 'Plain text'}
        {report.encoding && `, read as ${report.encoding}`}: {counted(report.chapters, 'chapter')} found by{' '}
        {evidenceWords[report.evidence] ?? report.evidence}, {counted(report.characters, 'character')}.
      </p>
      {leftOut && <p>Not spoken: {leftOut}.</p>}
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
