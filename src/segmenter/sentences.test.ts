import { expect, test } from 'vitest'
import { rulesForLanguage } from './languages.ts'
import { sentenceEnds } from './sentences.ts'

/** The texts, written with `|` where a sentence ends, that are cut elsewhere. */
function wrong(language: string, marked: readonly string[]): string[] {
  return marked
    .map((text) => ({ text, found: cut(language, text.replaceAll('|', '')) }))
    .filter(({ text, found }) => text !== found)
    .map(({ text, found }) => `${found} instead of ${text}`)
}

function cut(language: string, text: string): string {
  const ends = sentenceEnds(text, 0, text.length, rulesForLanguage(language))
  return ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end)).join('|')
}

test('English titles, initials, numbers and speech keep their sentence together', () => {
  expect(
    wrong('en', [
      'He lived at No. 10 Downing St. in London. |Gen. Lee met Col. Smith.',
      'No. |I cannot. |See vol. II. |He did.',
      'J. R. R. Tolkien wrote it. |The end.',
      'They met at 5 p.m. |The war was over.',
      '“Where?” he said. |“Here!” |She left… |He stayed.',
      '‘Well!’ thought Alice. |’Twas brillig.',
      '(He went home.) |She stayed.',
      'Wait...what? |I... I don’t know. |Well… I never!',
      'Go!—He went. |It was 98.6 then. |5 men came.',
      'IV. The Return. |He came back.',
    ]),
  ).toEqual([])
})

test('French, German, Spanish, Russian and Vietnamese have their own abbreviations and quotes', () => {
  expect(
    wrong('fr', ['« Où ? » dit-il. |« Ici ! » |M. de Rênal sortit. |— Oui, dit-elle. |— Non ! répondit-il.']),
  ).toEqual([])
  expect(
    wrong('de', [
      '»Was?« fragte er. |»Nichts.« |Sie ging am 3. Oktober. |Das war 1917. |Dann kam der Krieg.',
      'Friedrich II. war König, d. h. er regierte. |Es gab Hunde usw. |Danach kam nichts.',
    ]),
  ).toEqual([])
  expect(
    wrong('es', ['—¡Hola! —dijo él—. |¿Cómo estás? |El Sr. García vive en EE. UU. desde 1998.']),
  ).toEqual([])
  expect(wrong('ru', ['— Да! — сказал он. |— Нет. |В 1998 г. он жил в г. Москве, т. е. дома.'])).toEqual([])
  expect(wrong('vi', ['“Anh đi đâu?” Cô hỏi. |Ông ở Q. 1, TP. HCM. |GS. Nam đến rồi.'])).toEqual([])
})

test('Chinese and Japanese need no space, and quotes close with what they hold', () => {
  expect(wrong('zh', ['“走吧！”他说。|“我不去。”|她说，“你去吧……”|他走了。|他……走了。'])).toEqual([])
  expect(wrong('ja', ['「行くぞ。」と彼は言った。|「うん。」|彼女は頷いた。|３．５度だ。'])).toEqual([])
})

test('a language without rules of its own is cut by what holds everywhere', () => {
  expect(wrong('hi', ['मैं जाता हूँ। |तुम कहाँ हो?'])).toEqual([])
  expect(wrong('ar', ['أين أنت؟ |أنا هنا.'])).toEqual([])
  expect(wrong('und', ['Un. |Du! |Tri?'])).toEqual([])
})
