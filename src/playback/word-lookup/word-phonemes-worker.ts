import { parentPort, workerData } from 'node:worker_threads'
import { parsePronunciations } from '../../novel/pronunciation-annotations.ts'
import { primarySubtag } from '../../novel/voice.ts'
import { closeEspeak, openEspeak } from '../../pronunciation/espeak/espeak.ts'
import { espeakVoiceNamed } from '../../pronunciation/espeak/espeak-voices.ts'
import { Phonemizer } from '../../pronunciation/espeak/phonemizer.ts'
import { sentencesOf } from '../text-to-speech/sentences-of-text.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import type { WordLookup, WordPhonemes } from './word-phonemes.ts'

// Worker thread: phonemizes one word and exits. The library takes 90 MB and 0.2 s, which no answer shall wait for.
const { word, language, lexicon } = workerData as WordLookup

const espeak = await openEspeak()
try {
  const voice =
    espeakVoiceNamed(espeak.voices, language) ?? espeakVoiceNamed(espeak.voices, primarySubtag(language))
  const [sentence] = sentencesOf(word, language, readLexicon(lexicon))
  const { text, pronunciations } = parsePronunciations(sentence?.spoken ?? '')
  const words = voice ? new Phonemizer(espeak, voice.code).words(text, pronunciations) : []
  const answer: WordPhonemes = { phonemes: words.map(({ phonemes }) => phonemes).join(' ') }
  parentPort?.postMessage(answer)
} finally {
  closeEspeak()
}
