import type { ListeningDayView } from '../../src/http/contract/listening-day-contract.ts'
import { localDay } from './hours-keeper.ts'

/** The last days up to today by the device's clock, the oldest first. */
export function lastDays(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    // At noon no day is lost or doubled by summer time.
    localDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - (count - 1 - at), 12)),
  )
}

/** Seconds of the clock that were listened on each of these days, in all novels. */
export function secondsByDay(listened: readonly ListeningDayView[], days: readonly string[]): number[] {
  const byDay = new Map<string, number>()
  for (const { day, wallSeconds } of listened) byDay.set(day, (byDay.get(day) ?? 0) + wallSeconds)
  return days.map((day) => byDay.get(day) ?? 0)
}
