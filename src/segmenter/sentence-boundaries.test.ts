import { expect, test } from 'vitest'
import { rulesForLanguage } from './language-rules.ts'
import { sentenceEnds } from './sentence-boundaries.ts'

/** The texts, written with `|` at sentence ends, for which the result differs. */
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

test('English titles, initials, numbers and direct speech stay in their sentence', () => {
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
  expect(
    wrong('ru', [
      '— Да! — сказал он. |— Нет. |В 1998 г. он жил в г. Москве, т. е. дома.',
      'Он купил хлеб, сыр и т. д. |Анна ушла, взяв хлеб и т. п. с собой. |Там были люди и т.д. |«Да!» |Всё.',
    ]),
  ).toEqual([])
  expect(wrong('vi', ['“Anh đi đâu?” Cô hỏi. |Ông ở Q. 1, TP. HCM. |GS. Nam đến rồi.'])).toEqual([])
})

test('Chinese and Japanese need no space, and closing quotes stay with their sentence', () => {
  expect(wrong('zh', ['“走吧！”他说。|“我不去。”|她说，“你去吧……”|他走了。|他……走了。'])).toEqual([])
  expect(wrong('ja', ['「行くぞ。」と彼は言った。|「うん。」|彼女は頷いた。|３．５度だ。'])).toEqual([])
})

test('a language without rules of its own uses the common rules', () => {
  expect(wrong('hi', ['मैं जाता हूँ। |तुम कहाँ हो?'])).toEqual([])
  expect(wrong('ar', ['أين أنت؟ |أنا هنا.'])).toEqual([])
  expect(wrong('und', ['Un. |Du! |Tri?'])).toEqual([])
})

/**
 * The Golden Rules of sentence segmentation (github.com/diasks2/pragmatic_segmenter, MIT), written with ` | ` at sentence
 * ends; white space is normalized before comparing. Rules marked `!` demand what is wrong in a novel: they are known to
 * fail, and a change that satisfies one must update this list.
 */
const rules: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Hello World. | My name is Jonas.',
    'What is your name? | My name is Jonas.',
    'There it is! | I found it.',
    'My name is Jonas E. Smith.',
    'Please turn to p. 55.',
    'Were Jane and co. at the party?',
    'They closed the deal with Pitt, Briggs & Co. at noon.',
    "Let's ask Jane and co. | They should know.",
    'They closed the deal with Pitt, Briggs & Co. | It closed yesterday.',
    'I can see Mt. Fuji from here.',
    "St. Michael's Church is on 5th st. near the light.",
    "That is JFK Jr.'s book.",
    'I visited the U.S.A. last year.',
    'I live in the E.U. | How about you?',
    'I live in the U.S. | How about you?',
    'I work for the U.S. Government in Virginia.',
    'I have lived in the U.S. for 20 years.',
    'At 5 a.m. Mr. Smith went to the bank. | He left the bank at 6 P.M. | Mr. Smith then went to the store.',
    'She has $100.00 in her bag.',
    'She has $100.00. | It is in her bag.',
    'He teaches science (He previously worked for 5 years as an engineer.) at the local University.',
    'Her email is Jane.Doe@example.com. | I sent her an email.',
    'The site is: https://www.example.50.com/new-site/awesome_content.html. | Please check it out.',
    "She turned to him, 'This is great.' she said.",
    'She turned to him, "This is great." she said.',
    'She turned to him, "This is great." | She held the book out to show him.',
    'Hello!! | Long time no see.',
    'Hello?? | Who is there?',
    'Hello!? | Is that you?',
    'Hello?! | Is that you?',
    '!1.) The first item | 2.) The second item',
    '1.) The first item. | 2.) The second item.',
    '!1) The first item | 2) The second item',
    '1) The first item. | 2) The second item.',
    '!1. The first item | 2. The second item',
    '1. The first item. | 2. The second item.',
    '• 9. The first item | • 10. The second item',
    '⁃9. The first item | ⁃10. The second item',
    '!a. The first item | b. The second item | c. The third list item',
    'This is a sentence\ncut off in the middle because pdf.',
    'It was a cold \nnight in the city.',
    '!features\n | contact manager\n | events, activities\n',
    'You can find it at N°. 1026.253.553. | That is where the treasure is.',
    'She works at Yahoo! in the accounting department.',
    'We make a good team, you and I. | Did you see Albert I. Jones yesterday?',
    'Thoreau argues that by simplifying one’s life, “the laws of the universe will appear less complex. . . .”',
    '"Bohr [...] used the analogy of parallel stairways [...]" (Smith 55).',
    'If words are left off at the end of a sentence, and that is all that is omitted, indicate the omission with ellipsis marks (preceded and followed by a space) and then indicate the end of the sentence with a period . . . . | Next sentence.',
    'I never meant that.... | She left the store.',
    'I wasn’t really ... well, what I mean...see . . . what I’m saying, the thing is . . . I didn’t mean it.',
    '!One further habit which was somewhat weakened . . . was that of combining words into self-interpreting compounds. | . . . The practice was not abandoned. . . .',
    'Hello world. | Today is Tuesday. | Mr. Smith went to the store and bought 1,000. | That is a lot.',
  ],
  de: [
    '„Ich habe heute keine Zeit“, sagte die Frau und flüsterte leise: „Und auch keine Lust.“ | Wir haben 1.000.000 Euro.',
    'Es gibt jedoch einige Vorsichtsmaßnahmen, die Du ergreifen kannst, z. B. ist es sehr empfehlenswert, dass Du Dein Zuhause von allem Junkfood befreist.',
    'Was sind die Konsequenzen der Abstimmung vom 12. Juni?',
  ],
  es: [
    '¿Cómo está hoy? | Espero que muy bien.',
    '¡Hola señorita! | Espero que muy bien.',
    'Hola Srta. Ledesma. | Buenos días, soy el Lic. Naser Pastoriza, y él es mi padre, el Dr. Naser.',
    '¡La casa cuesta $170.500.000,00! | ¡Muy costosa! | Se prevé una disminución del 12.5% para el próximo año.',
    '«Ninguna mente extraordinaria está exenta de un toque de demencia.», dijo Aristóteles.',
  ],
  ru: [
    'Объем составляет 5 куб.м.',
    'Маленькая девочка бежала и кричала: «Не видали маму?».',
    'Сегодня 27.10.14',
  ],
  ja: [
    'これはペンです。| それはマーカーです。',
    'それは何ですか？| ペンですか？',
    '良かったね！| すごい！',
    '自民党税制調査会の幹部は、「引き下げ幅は３．２９％以上を目指すことになる」と指摘していて、今後、公明党と合意したうえで、３０日に決定する与党税制改正大綱に盛り込むことにしています。',
    'これは父の\n家です。',
  ],
  it: [
    'Salve Sig.ra Mengoni! | Come sta oggi?',
    'Una lettera si può iniziare in questo modo «Il/la sottoscritto/a.».',
    'La casa costa 170.500.000,00€!',
  ],
}

interface Case {
  readonly name: string
  readonly language: string
  readonly text: string
  readonly sentences: readonly string[]
  readonly holds: boolean
}

const cases = Object.entries(rules).flatMap(([language, list]) =>
  list.map((rule, index): Case => {
    const written = rule.replace(/^!/, '')
    // The last English rule is about sentences without a space between them.
    const gap = language === 'en' && index === 51 ? ' | ' : '| '
    return {
      name: `${language} ${index + 1}`,
      language,
      text: written.replaceAll(gap, ''),
      sentences: written.split('|').map(evened),
      holds: written === rule,
    }
  }),
)

function sentencesOf({ text, language }: Case): string[] {
  const ends = sentenceEnds(text, 0, text.length, rulesForLanguage(language))
  return ends.map((end, i) => evened(text.slice(ends[i - 1] ?? 0, end)))
}

function evened(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

test.each(cases.filter(({ holds }) => holds))('golden rule $name holds: $text', (rule) => {
  expect(sentencesOf(rule)).toEqual(rule.sentences)
})

test.each(cases.filter(({ holds }) => !holds))('golden rule $name is known to fail: $text', (rule) => {
  expect(sentencesOf(rule)).not.toEqual(rule.sentences)
})

test('46 of 52 English golden rules hold', () => {
  const english = cases.filter(({ language }) => language === 'en')
  expect([english.filter(({ holds }) => holds).length, english.length]).toEqual([46, 52])
})
