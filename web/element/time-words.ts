import { i18n } from '@lingui/core'
import { plural, t } from '@lingui/core/macro'

/** `4:05` or `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** A length for reading: `40 s`, `12 min`, `3 h 5 min`. */
export function lengthWords(seconds: number): string {
  if (seconds < 59.5) return secondWords(Math.round(seconds))
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return minuteWords(minutes)
  return hourWords(Math.floor(minutes / 60), minutes % 60)
}

/** A short while to the second: `40 s`, `1 min 5 s`, `12 min`. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return secondWords(seconds)
  const minutes = Math.floor(seconds / 60)
  return seconds % 60 === 0 || minutes >= 10
    ? minuteWords(minutes)
    : `${minuteWords(minutes)} ${secondWords(seconds % 60)}`
}

/** A length for a screen reader: `2 minutes 5 seconds`. */
export function spokenLength(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return [
    hours > 0 && plural(hours, { one: '# hour', other: '# hours' }),
    minutes > 0 && plural(minutes, { one: '# minute', other: '# minutes' }),
    (rest > 0 || whole === 0) && plural(rest, { one: '# second', other: '# seconds' }),
  ]
    .filter(Boolean)
    .join(' ')
}

/** How long the work will go on; rounded ever more generously, since it is a guess. */
export function timeLeft(seconds: number | null): string {
  if (seconds === null) return t`Time left not known yet`
  if (seconds < 45) return t`Less than a minute left`
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return plural(minutes, { one: 'About # minute left', other: 'About # minutes left' })
  const quarters = Math.round(minutes / 15)
  const [hours, rest] = [Math.floor(quarters / 4), (quarters % 4) * 15]
  if (rest === 0 || hours >= 10)
    return plural(Math.round(minutes / 60), { one: 'About # hour left', other: 'About # hours left' })
  return t`About ${hours} h ${rest} min left`
}

/** `just now`, `12 minutes ago`, `yesterday`; times in milliseconds. */
export function ago(then: number, now: number): string {
  const words = new Intl.RelativeTimeFormat(i18n.locale, { numeric: 'auto' })
  const minutes = Math.round((then - now) / 60_000)
  if (minutes > -1) return t`just now`
  if (minutes > -60) return words.format(minutes, 'minute')
  if (minutes > -24 * 60) return words.format(Math.round(minutes / 60), 'hour')
  return words.format(Math.round(minutes / 1440), 'day')
}

/** Whole percent, rounded down: 100 % is said only of what is done. */
export function percentOf(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor((done / total) * 100)
}

function secondWords(seconds: number): string {
  return t`${seconds} s`
}

function minuteWords(minutes: number): string {
  return t`${minutes} min`
}

function hourWords(hours: number, minutes: number): string {
  return minutes === 0 ? t`${hours} h` : t`${hours} h ${minutes} min`
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
