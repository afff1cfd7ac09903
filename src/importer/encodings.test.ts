import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { importBytes } from '../../test/fixtures/import-bytes.ts'
import { decode, decodeXml } from './encodings/text-decoding.ts'
import { dosTables } from './encodings/single-byte-encodings.ts'

/** Encodes a text in a single-byte encoding, by the decoder's own table. */
function encode(text: string, encoding: string): Uint8Array {
  const table = dosTables[encoding]
  const bytes = new Map<string, number>()
  for (let byte = 255; byte >= 0; byte -= 1)
    bytes.set(
      byte < 0x80 || table === undefined
        ? new TextDecoder(encoding === 'x' ? 'latin1' : table === undefined ? encoding : 'latin1').decode(
            Uint8Array.of(byte),
          )
        : table.charAt(byte - 0x80),
      byte,
    )
  const source =
    encoding === 'windows-1258'
      ? Array.from(text.normalize('NFC'), (char) => {
          // A letter with its own mark, followed by the tone.
          const [base = '', ...marks] = char.normalize('NFD')
          const signs = marks.filter((mark) => /[\u0302\u0306\u031b]/.test(mark)).join('')
          return (base + signs).normalize('NFC') + marks.filter((mark) => !signs.includes(mark)).join('')
        }).join('')
      : text
  return Uint8Array.from(source, (char) => bytes.get(char) ?? 0x3f)
}

const texts = {
  cs: 'Kapitola první. Stařec řekl, že ráno bude ticho, ale ráno nepřišlo. Žádný člověk neviděl, jak déšť padal, šel dál a mlčel.\n',
  pl: 'Rozdział pierwszy. Stary człowiek powiedział, że będzie cicho, ale ranek nie przyszedł. Żaden źrebak się nie ruszył, śnieg padał i łąka była biała.\n',
  hu: 'Első fejezet. Az öregember azt mondta, hogy reggel csönd lesz, de a reggel nem jött el. Az eső három napja esett, és senki sem nézett föl a fűzfák közül.\n',
  ro: 'Capitolul întâi. Bătrânul a spus că dimineaţa va fi linişte, dar dimineaţa nu a venit. Ploaia cădea de trei zile şi nimeni nu ştia unde să meargă.\n',
  tr: 'Birinci bölüm. Yaşlı adam sabahın sessiz olacağını söyledi ama sabah gelmedi. Yağmur üç gündür yağıyordu ve hiç kimse değirmene çıkmıyordu, ışık da yoktu.\n',
  vi: 'Chương một. Mưa đã rơi ba ngày liền, con đường dưới chân cối xay hóa thành dòng sông. Không ai đến, chỉ có gió thổi qua những mái nhà cũ.\n',
  fr: 'Chapitre premier. Le vieil homme répéta que le matin serait très calme, mais le matin n’était pas arrivé. Il fut étonné, ça et là, à peine éveillé.\n',
  de: 'Erstes Kapitel. Der alte Mann sagte, der Morgen würde still sein, aber die Mühle stand schräg über dem Fluss, und niemand hörte, wie die Tür größer wurde.\n',
  ru: 'Глава первая. Старик сказал, что утро будет тихим, но утро не пришло. Дождь шёл уже три дня, и никто не приходил на мельницу.\n',
  uk: 'Розділ перший. Старий сказав, що ранок буде тихим, але ранок не прийшов. Дощ ішов уже три дні, і ніхто не приходив до млина, їй було тихо.\n',
  el: 'Κεφάλαιο πρώτο. Ο γέρος είπε πως το πρωί θα ήταν ήσυχο, αλλά το πρωί δεν ήρθε. Η βροχή έπεφτε τρεις μέρες και κανείς δεν φάνηκε.\n',
  lt: 'Pirmas skyrius. Senis pasakė, kad rytas bus tylus, bet rytas neatėjo. Lietus lijo jau tris dienas, ir niekas nežinojo, kur eiti šią naktį.\n',
  en: 'Chapter one. The old man said that the morning would be quiet — but the morning didn’t come. “Where to?” asked the carter. “To the café,” he said.\n',
} as const

test.each([
  ['cs', 'windows-1250'],
  ['cs', 'iso-8859-2'],
  ['cs', 'ibm852'],
  ['pl', 'windows-1250'],
  ['pl', 'iso-8859-2'],
  ['hu', 'windows-1250'],
  ['hu', 'iso-8859-2'],
  ['ro', 'windows-1250'],
  ['tr', 'windows-1254'],
  ['vi', 'windows-1258'],
  ['fr', 'macintosh'],
  ['fr', 'windows-1252'],
  ['de', 'macintosh'],
  ['de', 'ibm850'],
  ['de', 'windows-1252'],
  ['ru', 'ibm866'],
  ['ru', 'koi8-r'],
  ['ru', 'windows-1251'],
  ['ru', 'iso-8859-5'],
  ['ru', 'x-mac-cyrillic'],
  ['uk', 'windows-1251'],
  ['el', 'windows-1253'],
  ['lt', 'windows-1257'],
  ['en', 'windows-1252'],
  ['en', 'macintosh'],
] as const)('%s in %s is read letter by letter', (language, encoding) => {
  const text = texts[language].repeat(8)
  const plain = encoding === 'ibm850' || encoding === 'iso-8859-2' ? text.replaceAll('’', "'") : text
  expect(decode(encode(plain, encoding))?.text.normalize('NFC')).toBe(plain)
})

test.each(['44-cp1250cs', '44-l2cs'])('%s is detected as Czech', async (name) => {
  const path = new URL(`../../test/fixtures/cases/reports/${name}.txt`, import.meta.url)
  const novel = await importBytes(await readFile(path), 'a.txt')
  expect(novel.language).toBe('cs')
  expect(novel.chapters.map(({ title }) => title)).toEqual(['Kapitola 1', 'Kapitola 2', 'Kapitola 3'])
  const text = novel.chapters.flatMap(({ blocks }) => blocks.map((block) => block.text)).join(' ')
  expect(text).toContain('žádný člověk')
  expect(text).toContain('Déšť padal už tři dny')
})

test('UTF-32 is decoded, with a byte order mark and without', () => {
  const text = 'Chapter 1\n\nThe café 😀 was shut.'
  const little = Buffer.concat(
    Array.from(text, (char) => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE(char.codePointAt(0)!)
      return bytes
    }),
  )
  const big = Buffer.from(little).swap32()
  expect(decode(little)).toEqual({ text, encoding: 'utf-32le' })
  expect(decode(big)).toEqual({ text, encoding: 'utf-32be' })
  expect(decode(Buffer.concat([Buffer.of(0xff, 0xfe, 0, 0), little]))).toEqual({ text, encoding: 'utf-32le' })
  expect(decodeXml(Buffer.concat([Buffer.of(0, 0, 0xfe, 0xff), big]))).toEqual({ text, encoding: 'utf-32be' })
})

test('the DOS tables map every byte to a character', () => {
  for (const table of Object.values(dosTables)) expect(table).toHaveLength(128)
})
