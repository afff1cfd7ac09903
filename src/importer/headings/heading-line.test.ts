import { expect, test } from 'vitest'
import { readHeadingLine } from './heading-line.ts'
import { cjkNumber, readNumber } from './number-words.ts'

/** A heading in short form: `kind word number`. */
function read(line: string): string {
  const heading = readHeadingLine(line)
  return heading === undefined ? 'no heading' : `${heading.kind} ${heading.word} ${heading.number}`
}

test.each([
  ['Chapter 12', 'chapter chapter 12'],
  ['CHAPTER XIV. The Storm', 'chapter chapter 14'],
  ['Chapter Twenty-One: In Which Nothing Happens', 'chapter chapter 21'],
  ['Chap. 3 — The Inn', 'chapter chap 3'],
  ['Chapter the Last-But-One', 'no heading'],
  ['Letter 4', 'chapter letter 4'],
  ['BOOK ELEVEN: 1812', 'part book 11'],
  ['Book the First', 'part book 1'],
  ['FIRST EPILOGUE: 1813 - 20', 'special epilogue 1'],
  ['Volume II', 'part volume 2'],
  ['Prologue', 'special prologue undefined'],
  ['Epilogue: The Sea', 'special epilogue undefined'],
  ['Chương 12: Gió nổi', 'chapter chương 12'],
  ['Hồi thứ ba', 'chapter hồi 3'],
  ['Chương hai mươi mốt', 'chapter chương 21'],
  ['Quyển 2', 'part quyển 2'],
  ['Ngoại truyện 1: Mùa hạ', 'special ngoại truyện 1'],
  ['第十二章 风起', 'chapter 章 12'],
  ['第12章：风起', 'chapter 章 12'],
  ['第一百零八回　忠义堂', 'chapter 回 108'],
  ['第三卷 天下', 'part 卷 3'],
  ['卷二', 'part 卷 2'],
  ['楔子', 'special 楔子 undefined'],
  ['番外一 少年时', 'special 番外 undefined'],
  ['第三話　夏の夜', 'chapter 話 3'],
  ['その二', 'chapter その 2'],
  ['プロローグ', 'special プロローグ undefined'],
  ['제3장 바람', 'chapter 장 3'],
  ['12화', 'chapter 화 12'],
  ['프롤로그', 'special 프롤로그 undefined'],
  ['CHAPITRE XXII[1].', 'chapter chapitre 22'],
  ['Première partie', 'part partie 1'],
  ['Livre deuxième — La chute', 'part livre 2'],
  ['Erstes Kapitel', 'chapter kapitel 1'],
  ['2. Kapitel', 'chapter kapitel 2'],
  ['Dreiundzwanzigstes Kapitel', 'chapter kapitel 23'],
  ['Zweites Buch: Die Reise', 'part buch 2'],
  ['Capítulo VII', 'chapter capítulo 7'],
  ['Capítulo primero', 'chapter capítulo 1'],
  ['CAPITOLO III', 'chapter capitolo 3'],
  ['Глава пятая', 'chapter глава 5'],
  ['Часть первая', 'part часть 1'],
  ['ЭПИЛОГ', 'special эпилог undefined'],
  ['正文 第五章 出山', 'chapter 章 5'],
  ['== Chapter 7 ==', 'chapter chapter 7'],
])('%s is a heading', (line, expected) => {
  expect(read(line)).toBe(expected)
})

test.each([
  'Chapter one of his life was over.',
  'Part of the trouble was the rain.',
  'Book I read as a child.',
  'Letter by letter he spelled it out.',
  'Introduction was never his strength.',
  'The first chapter was the longest.',
  'Second, the book was gone.',
  '第一次见到他的时候',
  '第一章，我们说到',
  '第三个人来了。',
  'Глава семьи молчал.',
  'Chương trình hôm nay',
  'Chapter 1, verse 3, he said, and closed the book.',
])('%s is prose', (line) => {
  expect(read(line)).toBe('no heading')
})

test('a site’s prefix is not part of the heading, a volume before it is', () => {
  expect(readHeadingLine('《》目录 第一回　灵根')).toMatchObject({ title: '第一回　灵根', offset: 5 })
  expect(readHeadingLine('第一卷 青云 第二章 出山')).toMatchObject({
    kind: 'chapter',
    number: 2,
    part: '第一卷 青云',
  })
})

test('numbers are read in all forms', () => {
  expect(
    [
      'XLII',
      '７',
      'one hundred and five',
      'quatre-vingt-dix',
      'vingt et un',
      'двадцать один',
      'hai mươi lăm',
    ].map((text) => readNumber(text)?.value),
  ).toEqual([42, 7, 105, 90, 21, 21, 25])
  expect(['二十三', '一〇三', '廿一', '两百', '1024'].map((text) => cjkNumber(text))).toEqual([
    23, 103, 21, 200, 1024,
  ])
  expect(readNumber('Mild weather')).toBeUndefined()
})

test.each([
  ['Rozdział 3', 3],
  ['Rozdział pierwszy', 1],
  ['Kapitola druhá', 2],
  ['Druhá kapitola', 2],
  ['3. fejezet', 3],
  ['Első fejezet', 1],
  ['Bölüm 4', 4],
  ['4. Bölüm', 4],
  ['Birinci Bölüm', 1],
  ['Hoofdstuk één', 1],
  ['Eerste hoofdstuk', 1],
  ['Luku 2', 2],
  ['Ensimmäinen luku', 1],
  ['Розділ 7', 7],
  ['Розділ перший', 1],
  ['Bab Satu', 1],
  ['BAB II', 2],
  ['Bab 3: Pulang', 3],
  ['Capitolul 5', 5],
  ['Capitolul al doilea', 2],
  ['บทที่ 1', 1],
  ['บทที่๑๒ สายลม', 12],
  ['الفصل الأول', 1],
  ['الفصل ٣', 3],
  ['فصل اول', 1],
  ['अध्याय ५', 5],
  ['अध्याय एक', 1],
  ['Κεφάλαιο 3', 3],
  ['ΚΕΦΑΛΑΙΟ Α΄', 1],
  ['Κεφάλαιο Πρώτο', 1],
  ['פרק 3', 3],
  ['פרק י״ב', 12],
  ['פרק ראשון', 1],
  ['Første kapitel', 1],
  ['Kapittel 2', 2],
  ['Första kapitlet', 1],
  ['Peatükk 1', 1],
  ['Skyrius 2', 2],
  ['Poglavlje 6', 6],
  ['Глава първа', 1],
  ['Capítol segon', 2],
  ['Pennod 1', 1],
  ['Ĉapitro 2', 2],
  ['Tarau', undefined],
  ['Chapter Ⅷ', 8],
  ['chapter.844 归来', 844],
  ['Chapter １２', 12],
  ['თავი 3', 3],
  ['অধ্যায় ৩', 3],
] as const)('the chapter words of many languages: %s', (line, number) => {
  expect(readHeadingLine(line)?.number).toBe(number)
})

test.each([
  'BOOK I. (Large Fish), CHAPTER I. is how the teacher would have begun it, but he was not asked.',
  'Del primer día no se acordaba.',
  'List one thing that you like.',
  'Babies 2',
  'Lukuisia 3',
])('%s is prose in any language', (line) => {
  expect(readHeadingLine(line)).toBeUndefined()
})

test('a chapter heading after the book’s name is a heading', () => {
  expect(readHeadingLine('BOOK I, CHAPTER I. The Well')).toBeUndefined()
  expect(readHeadingLine('BOOK I. CHAPTER I. The Well')).toMatchObject({ word: 'book', number: 1 })
})
