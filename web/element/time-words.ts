import { counted } from './figure-words.ts'

/** `4:05` or `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** A length for reading: `40 s`, `12 min`, `3 h 5 min`. */
export function lengthWords(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A short while to the second: `40 s`, `1 min 5 s`, `12 min`. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
}

/** A length for a screen reader: `2 minutes 5 seconds`. */
export function spokenLength(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [
    [Math.floor(whole / 3600), 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ] as const
  const words = parts.filter(([n]) => n > 0).map(([n, unit]) => counted(n, unit))
  return words.join(' ') || '0 seconds'
}

/** How long the work will go on; rounded ever more generously, since it is a guess. */
export function timeLeft(seconds: number | null): string {
  if (seconds === null) return 'Time left not known yet'
  if (seconds < 45) return 'Less than a minute left'
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return `About ${counted(minutes, 'minute')} left`
  const quarters = Math.round(minutes / 15)
  const [hours, rest] = [Math.floor(quarters / 4), (quarters % 4) * 15]
  if (rest === 0 || hours >= 10) return `About ${counted(Math.round(minutes / 60), 'hour')} left`
  return `About ${hours} h ${rest} min left`
}

/** `just now`, `12 minutes ago`, `yesterday`; times in milliseconds. */
export function ago(then: number, now: number): string {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  const minutes = Math.round((then - now) / 60_000)
  if (minutes > -1) return 'just now'
  if (minutes > -60) return words.format(minutes, 'minute')
  if (minutes > -24 * 60) return words.format(Math.round(minutes / 60), 'hour')
  return words.format(Math.round(minutes / 1440), 'day')
}

/** Whole percent, rounded down: 100 % is said only of what is done. */
export function percentOf(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor((done / total) * 100)
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
