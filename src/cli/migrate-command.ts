import type { CopyEnd, CopyOptions, CopyReport, CopySource } from '../jobs/maintenance/storage-copy.ts'
import { copyStorage } from '../jobs/maintenance/storage-copy.ts'
import { Failure } from '../novel/failure.ts'
import { isStorageError } from '../storage/storage-errors.ts'
import { formatMegabytes, ProgressLine } from './progress-line.ts'

/** The opened ends of a copy. */
interface OpenCopy extends Pick<CopyOptions, 'sharedObjects'> {
  readonly source: CopySource
  readonly target: CopyEnd
}

interface Migration {
  /** Opens both ends, to be closed with `closing`. */
  readonly open: (closing: AsyncDisposableStack) => Promise<OpenCopy>
  /** What is to be done when it is over. */
  readonly afterwards: string
}

/**
 * Copies a studio from one storage to another and prints what was compared. Ctrl-C ends it at the next row; what is copied
 * stays. Returns 0 when both are alike.
 */
export async function migrate({ open, afterwards }: Migration): Promise<number> {
  await using closing = new AsyncDisposableStack()
  const { source, target, sharedObjects } = await open(closing)
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  const line = new ProgressLine()
  const began = timeOfDay()
  let drawn = ''
  try {
    const report = await copyStorage(source, target, {
      sharedObjects,
      signal: stopping.signal,
      // Called for each row.
      onProgress(what, share) {
        const shown = `${Math.floor(share * 1000)} ${what}`
        if (shown !== drawn) line.draw(share, [what])
        drawn = shown
      },
      onWaiting() {
        line.end()
        console.error(
          `What was there at ${began} is copied. Stop the server of ${source.name} now: what has changed since is copied then, and everything is compared.`,
        )
      },
    })
    line.end()
    printReport(report)
    console.log(`\n${target.name} is the same as ${source.name}, which stays as it is. ${afterwards}`)
    return 0
  } catch (error) {
    line.end()
    if (stopping.signal.aborted) {
      console.error('Stopped. What is copied stays; the same command goes on from there.')
      return interrupted
    }
    if (error instanceof Failure || !isStorageError(error)) throw error
    const detail = (error as Error).message
    throw new Failure('migrate.failed', { target: target.name, detail }, { cause: error })
  } finally {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, stop)
  }
}

/** `14:05 UTC`. */
function timeOfDay(): string {
  return `${new Date().toISOString().slice(11, 16)} UTC`
}

/** As a shell reports a program that SIGINT has ended. */
const interrupted = 130

const shownDigits = 16

function printReport({ tables, objects, damagedClips }: CopyReport): void {
  for (const { name, rows, sha256 } of tables) {
    console.log(`${name.padEnd(22)}${String(rows).padStart(10)} rows     ${sha256.slice(0, shownDigits)}`)
  }
  for (const { part, objects: count, bytes, sha256 } of objects) {
    console.log(
      `${`${part}/`.padEnd(22)}${String(count).padStart(10)} objects  ${sha256.slice(0, shownDigits)}  ${formatMegabytes(bytes)}`,
    )
  }
  if (damagedClips > 0) {
    const clips = damagedClips === 1 ? '1 clip is' : `${damagedClips} clips are`
    console.error(`${clips} damaged where they came from and were left out. They are spoken again.`)
  }
}
