import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { saidWords } from '../i18n/said-words.ts'
import { Link } from 'wouter'
import type { Progress } from '../../src/http/contract/generation-contract.ts'

export function FailedSegments({ progress }: { readonly progress: Progress }) {
  const { failedSegments, novelId } = progress
  if (failedSegments.length === 0) return null
  const titles = new Map(progress.chapters.map(({ chapterNumber, title }) => [chapterNumber, title]))
  return (
    <section aria-labelledby="failed" className="failed-segments">
      <h2 id="failed">
        <Trans>Set aside</Trans>
      </h2>
      <p className="soft">
        {failedSegments.length === 100
          ? t`100 sentences or more could not be spoken. The rest plays without them.`
          : plural(failedSegments.length, {
              one: '# sentence could not be spoken. The rest plays without it.',
              other: '# sentences could not be spoken. The rest plays without them.',
            })}
      </p>
      <ul>
        {failedSegments.map((segment) => (
          <li key={`${segment.chapterNumber}/${segment.index}`}>
            <p lang="">{segment.text}</p>
            <span className="figures">
              <Link href={`/novels/${novelId}/chapters/${segment.chapterNumber}`}>
                {titles.get(segment.chapterNumber) || t`The chapter`}
              </Link>{' '}
              · {saidWords(segment.reason, segment.reasonSaid)} ·{' '}
              {plural(segment.attempts, { one: '# attempt', other: '# attempts' })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
