import { Failure } from '../../novel/failure.ts'
import { limitProcess } from '../../speech/worker/process-limits.ts'
import { annotateEpub } from './annotated-epub.ts'
import type { EpubText } from './epub-export.ts'
import type { EpubPlan, EpubPlanMessage, PlannedChapter } from './epub-plan.ts'
import { generateEpub } from './generated-epub.ts'

/** Seconds of CPU time; the longest novel takes a twentieth of it. */
const cpuSeconds = 300
limitProcess({ cpuSeconds })

// Worker process: receives one plan, sends the built text and is then killed by its parent.
const chapters: PlannedChapter[] = []
process.on('message', (message: EpubPlanMessage) => {
  if ('chapter' in message) chapters.push(message.chapter)
  else void buildAndSend({ ...message.head, chapters })
})
process.on('disconnect', () => process.exit(1))

/** `undefined`, so that the EPUB is generated from the blocks, if the source can no longer be read. */
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
