import { generateEpub } from './generated-epub.ts'
import { Failure } from '../../novel/failure.ts'
import type { EpubPlan, PlannedChapter, EpubPlanMessage } from './epub-plan.ts'
import type { EpubText } from './epub-export.ts'
import { limitProcess } from '../../speech/worker/process-limits.ts'
import { annotateEpub } from './annotated-epub.ts'

/** Seconds of CPU time: the text of the longest novel takes a twentieth. */
const cpuSeconds = 300
limitProcess({ cpuSeconds })

/** The process's whole life: the text of one book, deflated. */
const chapters: PlannedChapter[] = []
process.on('message', (message: EpubPlanMessage) => {
  if ('chapter' in message) chapters.push(message.chapter)
  else void buildAndSend({ ...message.head, chapters })
})
process.on('disconnect', () => process.exit(1))

/** A book that can no longer be read as it was is made of what was read. */
async function annotateOrUndefined(plan: EpubPlan, source: string): ReturnType<typeof annotateEpub> {
  try {
    return await annotateEpub(plan, source)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

async function buildAndSend(plan: EpubPlan): Promise<void> {
  const original = plan.source === undefined ? undefined : await annotateOrUndefined(plan, plan.source)
  const result: EpubText = {
    form: original === undefined ? 'clean' : 'original',
    files: original ?? (await generateEpub(plan)),
  }
  process.send?.(result)
}
