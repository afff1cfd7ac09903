import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BlockKind } from '../src/novel/novel.ts'
import { rulesForLanguage } from '../src/segmenter/language-rules.ts'
import { spokenText } from '../src/segmenter/spoken/spoken-text.ts'
import { closeEspeak, type Espeak, openEspeak } from '../src/pronunciation/espeak/espeak.ts'

/** eSpeak's voices, which turn text into phonemes for the neural ones too. */
const codes: Readonly<Record<string, string>> = {
  en: 'en-us',
  de: 'de',
  es: 'es',
  fr: 'fr-fr',
  it: 'it',
  ko: 'ko',
  pt: 'pt-br',
  ru: 'ru',
  vi: 'vi',
  zh: 'cmn',
}

let espeak: Espeak
beforeAll(async () => {
  espeak = await openEspeak()
})
afterAll(closeEspeak)

/** As a voice hears it: stress and the gaps between words aside, which figures and words share only roughly. */
function heard(text: string, code: string): string {
  return espeak
    .phonemes(text, code)
    .replaceAll(/[ˈˌː| _]/g, '')
    .replaceAll('ᵻ', 'ɪ')
}

function linesOf(name: string): string[] {
  const text = readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
  return text.split('\n').filter((line) => line !== '')
}

/** The pairs that sound otherwise than they should, in words. A third column is the kind of block. */
function wrong(language: string, pairs: readonly string[]): string[] {
  const code = codes[language] ?? language
  return pairs.flatMap((pair) => {
    const [written = '', said = '', kind = 'paragraph'] = pair.split('\t')
    const rules = rulesForLanguage(language)
    const spoken = spokenText(written, 0, written.length, rules, kind as BlockKind)?.spoken ?? ''
    const same = heard(spoken, code) === heard(said, code)
    return same ? [] : [`${written} → ${spoken}, not ${said}`]
  })
}

test.each(Object.keys(codes))('what is written in %s is heard as it is said', (language) => {
  const pairs = linesOf(`said/${language}.tsv`)
  expect(pairs.length).toBeGreaterThan(15)
  expect(wrong(language, pairs)).toEqual([])
})

test('what was heard wrong in books is heard right', () => {
  const [, ...lines] = linesOf('cases/said.tsv')
  const faults = lines
    .map((line) => line.split('\t'))
    .filter(([, , said = '']) => !said.startsWith('('))
    .flatMap(([language = '', written, said]) => wrong(language, [`${written}\t${said}`]))
  expect(faults).toEqual([])
})
