import { parentPort, workerData } from 'node:worker_threads'
import { surveyNames } from '../../lexicon/name-survey.ts'
import type { Block } from '../../novel/novel.ts'
import { closeEspeak, openEspeak } from '../../pronunciation/espeak/espeak.ts'
import type { NamesTask } from './novel-names.ts'

// Worker thread: finds the names of one novel and exits.
const { language, chapters } = workerData as NamesTask

const espeak = await openEspeak()
try {
  const blocks = chapters.map((json) => JSON.parse(json) as Block[])
  parentPort?.postMessage(await surveyNames(blocks, language, espeak))
} finally {
  closeEspeak()
}
