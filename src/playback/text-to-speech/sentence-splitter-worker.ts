import { parentPort, workerData } from 'node:worker_threads'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import type { SplitterInput, SplitterMessage } from './sentence-splitter.ts'
import { type Sentence, sentencesOf } from './sentences-of-text.ts'

// Worker thread: splits one text and exits. The first sentence is posted alone, the others in batches.
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
