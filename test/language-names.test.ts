import { expect, test } from 'vitest'
import { openEspeakEngine } from '../src/speech/engines/espeak/espeak-engine.ts'
import { hasLanguageName, primaryLanguage } from '../web/element/language-name.ts'

test('every language that can be spoken here has a name on the page', async () => {
  const { voices } = await openEspeakEngine()
  expect(voices.length).toBeGreaterThan(100)
  const nameless = voices
    .flatMap(({ language }) => [language, primaryLanguage(language)])
    .filter((tag) => !hasLanguageName(tag))
  expect(nameless).toEqual([])
})
