import { parentPort, workerData } from 'node:worker_threads'
import { type SplitterInput, type SplitterMessage, type Sentence, sentencesOf } from './sentence-splitter.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'

/** The thread's whole life: one text. Its sentences go out some at a time, the first as soon as it is there. */
const { text, language, lexicon } = workerData as SplitterInput
const sentencesPerMessage = 50

function post(message: SplitterMessage): void {
  parentPort?.postMessage(message)
}

let batch: Sentence[] = []
let batchSize = 1
for (const sentence of sentencesOf(text, language, readLexicon(lexicon))) {
  batch.push(sentence)
  if (batch.length < batchSize) continue
  post({ sentences: batch })
  batch = []
  batchSize = sentencesPerMessage
}
post({ sentences: batch, end: true })
