import { cleanEpub } from './clean-epub.ts'
import { Failure } from '../novel/failure.ts'
import type { EpubPlan, PlannedChapter, PlanMessage } from './epub-plan.ts'
import type { MakerMessage } from './make-epub.ts'
import { limitProcess } from '../speech/process-limits.ts'
import { originalEpub } from './original-epub.ts'

/** Seconds of CPU time: the text of the longest novel takes a twentieth. */
const cpuSeconds = 300
limitProcess({ cpuSeconds })

/** The process's whole life: the text of one book, deflated. */
const chapters: PlannedChapter[] = []
process.on('message', (message: PlanMessage) => {
  if ('chapter' in message) chapters.push(message.chapter)
  else void make({ ...message.head, chapters })
})
process.on('disconnect', () => process.exit(1))

/** A book that can no longer be read as it was is made of what was read. */
async function originalOrNothing(plan: EpubPlan, source: string): ReturnType<typeof originalEpub> {
  try {
    return await originalEpub(plan, source)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

async function make(plan: EpubPlan): Promise<void> {
  const original = plan.source === undefined ? undefined : await originalOrNothing(plan, plan.source)
  const made: MakerMessage = {
    form: original === undefined ? 'clean' : 'original',
    files: original ?? (await cleanEpub(plan)),
  }
  process.send?.(made)
}
