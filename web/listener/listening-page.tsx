import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Loading, PageTrouble, Quiet } from '../element/page-state.tsx'
import { lengthWords } from '../element/time-words.ts'
import { useTitle } from '../element/use-title.ts'
import { useLanguage } from '../i18n/language.ts'
import { keys } from '../keys.ts'
import { listenerApi } from './listener-api.ts'
import { lastDays, secondsByDay } from './listening-days.ts'
import './listening-page.css'

/** Hours by day and by book. */
export function ListeningPage() {
  useTitle(t`Listening`)
  const hours = useQuery({ queryKey: keys.hours, queryFn: ({ signal }) => listenerApi.hours(signal) })
  const language = useLanguage()
  const [shown] = useState(() => lastDays(new Date(), 28))
  if (hours.isError && !hours.data)
    return <PageTrouble title={t`Listening`} error={hours.error} onRetry={() => void hours.refetch()} />
  if (!hours.data) return <Loading words={t`Adding up the hours…`} />
  const { days, novels } = hours.data
  if (novels.length === 0)
    return (
      <Quiet title={t`Nothing was listened to yet`}>
        <p>
          <Trans>Each day and each book is counted from now on.</Trans>
        </p>
      </Quiet>
    )
  const seconds = secondsByDay(days, shown)
  const total = novels.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0)
  const audio = novels.reduce((sum, { audioSeconds }) => sum + audioSeconds, 0)
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: 'UTC' })
  const name = (day: string): string => date.format(new Date(`${day}T00:00:00Z`))
  return (
    <div className="listening">
      <h1>
        <Trans>Listening</Trans>
      </h1>
      <p className="figures">
        <Trans>
          {lengthWords(total)} in all, {lengthWords(audio)} of audio
        </Trans>
      </p>
      <h2>
        <Trans>The last four weeks</Trans>
      </h2>
      <DayBars seconds={seconds} />
      <p className="listening-ends figures" aria-hidden="true">
        <span>{name(shown[0] ?? '')}</span>
        <span>{name(shown.at(-1) ?? '')}</span>
      </p>
      <table className="unseen">
        <caption>
          <Trans>The last four weeks</Trans>
        </caption>
        <tbody>
          {shown.map((day, at) => (
            <tr key={day}>
              <th scope="row">{name(day)}</th>
              <td>{lengthWords(seconds[at] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>
        <Trans>By book</Trans>
      </h2>
      <table className="listening-books">
        <thead>
          <tr>
            <th scope="col">{t`Book`}</th>
            <th scope="col">{t`Listened`}</th>
            <th scope="col">{t`Audio`}</th>
          </tr>
        </thead>
        <tbody>
          {novels.map((novel) => (
            <tr key={novel.novelId}>
              <th scope="row" lang={novel.language}>
                <Link href={`/novels/${novel.novelId}`}>{novel.title}</Link>
              </th>
              <td className="figures">{lengthWords(novel.wallSeconds)}</td>
              <td className="figures">{lengthWords(novel.audioSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const [slot, bar, height] = [10, 7, 60]

/** A bar for each day; the table beside it says the same to the ear. */
function DayBars({ seconds }: { readonly seconds: readonly number[] }) {
  const most = Math.max(60, ...seconds)
  return (
    <svg className="day-bars" viewBox={`0 0 ${seconds.length * slot} ${height}`} aria-hidden="true">
      {seconds.map((each, at) => {
        const tall = each === 0 ? 1 : Math.max(2, (each / most) * height)
        // A bar is nothing but its place.
        // oxlint-disable-next-line react/no-array-index-key
        return (
          <rect key={at} x={at * slot} y={height - tall} width={bar} height={tall} data-none={each === 0} />
        )
      })}
    </svg>
  )
}
