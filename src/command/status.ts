import type { Progress, ProgressBrief, Queue } from '../http/contract.ts'
import { ApiClient, type CliContext } from './client.ts'
import { formatDuration } from './progress-bar.ts'

/** What runs and what waits, or how far one generation is. */
export async function status(line: CliContext, progressId: string | undefined): Promise<number> {
  await using client = await ApiClient.connect(line, { work: false })
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
