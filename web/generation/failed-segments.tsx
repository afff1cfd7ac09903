import { Link } from 'wouter'
import type { Progress } from '../../src/http/contract/generation-contract.ts'
import { counted } from '../element/figure-words.ts'

export function FailedSegments({ progress }: { readonly progress: Progress }) {
  const { failedSegments, novelId } = progress
  if (failedSegments.length === 0) return null
  const titles = new Map(progress.chapters.map(({ chapterNumber, title }) => [chapterNumber, title]))
  return (
    <section aria-labelledby="failed" className="failed-segments">
      <h2 id="failed">Set aside</h2>
      <p className="soft">
        {counted(failedSegments.length, 'sentence')}
        {failedSegments.length === 100 && ' or more'} could not be spoken. The rest plays without{' '}
        {failedSegments.length === 1 ? 'it' : 'them'}.
      </p>
      <ul>
        {failedSegments.map((segment) => (
          <li key={`${segment.chapterNumber}/${segment.index}`}>
            <p lang="">{segment.text}</p>
            <span className="figures">
              <Link href={`/novels/${novelId}/chapters/${segment.chapterNumber}`}>
                {titles.get(segment.chapterNumber) || 'The chapter'}
              </Link>{' '}
              · {segment.reason} · {counted(segment.attempts, 'attempt')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
