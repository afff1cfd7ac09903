import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { utteranceEnds } from './utterances.ts'
import { rulesForLanguage } from './language-rules.ts'
import { sentenceEnds } from './sentence-boundaries.ts'

/** Rows of `language, text, its sentences`, with `|` where a sentence ends. */
function cases(name: string): { language: string; text: string; sentences: string }[] {
  const file = new URL(`../../test/fixtures/cases/${name}`, import.meta.url)
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [language = '', text = '', sentences = ''] = line.split('\t')
    return { language, text, sentences }
  })
}

function cut(language: string, text: string): string {
  const ends = sentenceEnds(text, 0, text.length, rulesForLanguage(language))
  return ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end).trim()).join('|')
}

test.each([...cases('sentences.tsv'), ...cases('speech-tags.tsv')])(
  '$language: $sentences',
  ({ language, text, sentences }) => {
    expect(cut(language, text)).toBe(sentences)
  },
)

test('direct speech and its tag are one utterance, whatever their length', () => {
  for (const { language, text, sentences } of [...cases('sentences.tsv'), ...cases('speech-tags.tsv')]) {
    const allowed = new Set<number>()
    let at = 0
    for (const sentence of sentences.split('|')) {
      at = text.indexOf(sentence, at) + sentence.length
      allowed.add(text.length - text.slice(at).trimStart().length)
    }
    for (const end of utteranceEnds(text, 0, text.length, rulesForLanguage(language)))
      expect(allowed, text).toContain(end)
  }
})
