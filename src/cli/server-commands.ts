import type { Progress, ProgressBrief, Queue } from '../http/contract/generation-contract.ts'
import { ApiClient, type CliContext } from './api-client.ts'
import { formatDuration } from './progress-line.ts'

/** Leases are returned well within this time; then the process exits. */
const shutdownTimeoutMs = 5000
const shutdownCheckMs = 250

/** Runs until SIGTERM or SIGINT. */
export async function serve({ settings, start }: CliContext): Promise<number> {
  const stopped = Promise.withResolvers<void>()
  const server = await start(settings, {})
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stopped.resolve())
  }
  console.log(`Nightjar is listening at ${server.address}`)
  await stopped.promise
  exitAfter(shutdownTimeoutMs)
  await server.stop()
  return 0
}

/** Checks are counted, not time: while the machine stands still nothing can be returned either. */
function exitAfter(ms: number): void {
  let checks = 0
  setInterval(() => {
    if (++checks >= ms / shutdownCheckMs) process.exit(1)
  }, shutdownCheckMs).unref()
}

/** Prints the queue, or the progress of one generation. */
export async function status(context: CliContext, progressId: string | undefined): Promise<number> {
  await using client = await ApiClient.connect(context, { work: false })
  if (progressId !== undefined) {
    const { progress } = await client.get<{ progress: Progress }>(
      `/api/worker/progress/${encodeURIComponent(progressId)}`,
    )
    console.log(describeProgress(progress))
    for (const chapter of progress.chapters) {
      console.log(
        `  ${String(chapter.chapterNumber).padStart(4)}  ${chapter.segmentsDone}/${chapter.segmentsTotal}  ${chapter.status}  ${chapter.title}`,
      )
    }
    for (const failed of progress.failedSegments) {
      console.log(`  set aside in chapter ${failed.chapterNumber}: "${failed.text}" (${failed.reason})`)
    }
    return 0
  }
  const queue = await client.get<Queue>('/api/worker/queue?limit=20')
  const lines = [...queue.running, ...queue.waiting, ...queue.finished].map(describeProgress)
  console.log(lines.length > 0 ? lines.join('\n') : 'Nothing was asked for yet.')
  if (queue.waitingReason !== null) console.log(queue.waitingReason)
  return 0
}

function describeProgress(progress: ProgressBrief): string {
  const { id, novelTitle, status: state, segmentsDone, segmentsTotal, percent, etaSeconds } = progress
  const left = etaSeconds === null ? '' : `, ${formatDuration(etaSeconds)} left`
  return `${id}  ${state.padEnd(9)}  ${percent} % (${segmentsDone}/${segmentsTotal}${left})  ${novelTitle}`
}
