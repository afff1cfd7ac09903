import { parentPort, workerData } from 'node:worker_threads'
import type { CutterInput, CutterMessage } from './cut-text.ts'
import { readLexicon } from '../pronunciation/lexicon.ts'
import { type Sentence, sentencesOf } from './sentences.ts'

/** The thread's whole life: one text. Its sentences go out some at a time, the first as soon as it is there. */
const { text, language, words } = workerData as CutterInput
const sentencesPerMessage = 50

function post(message: CutterMessage): void {
  parentPort?.postMessage(message)
}

let some: Sentence[] = []
let most = 1
for (const sentence of sentencesOf(text, language, readLexicon(words))) {
  some.push(sentence)
  if (some.length < most) continue
  post({ sentences: some })
  some = []
  most = sentencesPerMessage
}
post({ sentences: some, end: true })
