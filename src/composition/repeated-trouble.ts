import type { LoggerOptions } from 'pino'
import { isStorageError } from '../storage/storage-errors.ts'

/** Between two lines that say the same. */
const sayAgainMs = 60_000

/**
 * A hook of the log: while a database or an object store is away everything that works meets the same trouble, over and
 * over. Each place that logs it does so once a minute, with the number of lines that were left out.
 */
export function logTroubleOnce(now: () => number = Date.now): NonNullable<LoggerOptions['hooks']> {
  const said = new Map<unknown, { readonly at: number; leftOut: number }>()
  return {
    logMethod(line, method) {
      const [details, message] = line as readonly unknown[]
      const isTrouble =
        typeof details === 'object' && details !== null && 'err' in details && isStorageError(details.err)
      if (!isTrouble) return method.apply(this, line)
      const last = said.get(message)
      if (last && now() - last.at < sayAgainMs) last.leftOut++
      else {
        said.set(message, { at: now(), leftOut: 0 })
        const told = last && last.leftOut > 0 ? { ...details, leftOut: last.leftOut } : details
        method.call(this, told, message as string)
      }
    },
  }
}
