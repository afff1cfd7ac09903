import { setTimeout as wait } from 'node:timers/promises'

/** Of `performance.now()`; `undefined`: no test runs, so a wait has a time of its own. */
let end: number | undefined

/** Until another call no wait goes on for longer. `undefined`: for as long as hooks have (`vitest.config.ts`). */
export function limitWaits(ms: number | undefined): void {
  end = ms === undefined ? undefined : performance.now() + ms
}

/**
 * Waits until something has come true. A test that waits in vain fails shortly before its time is up, with what it waited
 * for. `state`: what is to be said of how things stand then.
 */
export async function waitUntil(
  reached: () => Promise<boolean> | boolean,
  state: () => string = () => '',
): Promise<void> {
  await inTime(
    async (signal) => {
      while (!signal.aborted && !(await reached())) await wait(50)
    },
    () => `${words(reached)} ${state()}`,
  )
}

/** Waits for something that may never settle, like `waitUntil`. */
export async function inTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  awaited: () => string,
): Promise<T> {
  const abort = new AbortController()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => {
      late.reject(new Error(`waited in vain for ${awaited().trim()}`))
      abort.abort()
    },
    Math.max(0, (end ?? performance.now() + 280_000) - performance.now()),
  )
  try {
    return await Promise.race([work(abort.signal), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The text of a condition as it was written, without what Vitest makes of imported names. */
function words(condition: () => unknown): string {
  const text = String(condition).replaceAll(/\(0, ?__vi_import_\d+__\.(\w+)\)|__vi_import_\d+__\./g, '$1')
  return text.replaceAll(/\s+/g, ' ').slice(0, 500)
}
