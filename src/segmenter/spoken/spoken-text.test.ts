import { expect, test } from 'vitest'
import type { BlockKind } from '../../novel/novel.ts'
import { rulesForLanguage } from '../language-rules.ts'
import { spokenText } from './spoken-text.ts'

function say(language: string, source: string, kind: BlockKind = 'paragraph'): string | undefined {
  return spokenText(source, 0, source.length, rulesForLanguage(language), kind)?.spoken
}

/** The pairs of source and expected spoken text that differ from the result. */
function wrong(language: string, pairs: readonly (readonly [string, string])[]): string[] {
  return pairs
    .filter(([source, spoken]) => say(language, source) !== spoken)
    .map(([source, spoken]) => `${source} → ${say(language, source)}, not ${spoken}`)
}

/** The sources that the spoken text changes. */
function changed(language: string, sources: readonly string[]): string[] {
  return sources.filter((source) => say(language, source) !== source)
}

test('what engines read correctly is not changed', () => {
  expect(
    changed('en', [
      'Dr. Jones saw St. John in 2003, on the 21st, at 10 p.m.',
      '5% of 1,000 is 50.',
      '“No!” he said—and left…',
      'NASA is in the U.S.A.',
      'D—n it!',
      'a 3-year-old',
      'Take an A4 sheet.',
    ]),
  ).toEqual([])
})

test('Roman numerals become numbers if the context confirms them', () => {
  expect(
    wrong('en', [
      ['Chapter XIV', 'Chapter 14'],
      ['see chapter xiv', 'see chapter 14'],
      ['Part I, the end', 'Part 1, the end'],
      ['Book I of the Iliad', 'Book 1 of the Iliad'],
      ['Henry VIII had six wives.', 'Henry the 8th had six wives.'],
      ['the activity of Louis XIV, king', 'the activity of Louis the 14th, king'],
      ['King Charles I was beheaded.', 'King Charles the 1st was beheaded.'],
      ['Elizabeth II’s reign', 'Elizabeth the 2nd’s reign'],
      ['World War II began.', 'World War 2 began.'],
      ['the XIXth century', 'the 19th century'],
    ]),
  ).toEqual([])
})

test('the pronoun I, words and initials are not Roman numerals', () => {
  expect(
    changed('en', [
      'I am here, and so am I.',
      'This is the part I played.',
      'You, Charles and I. Then we left.',
      'He did MIX it.',
      'V. S. Naipaul',
      'Malcolm X spoke.',
      'They met in VI places.',
      '“I.”',
    ]),
  ).toEqual([])
})

test('a heading that is only a Roman numeral is a number', () => {
  expect(say('en', 'I', 'heading')).toBe('1')
  expect(say('en', 'XIV. The Storm', 'heading')).toBe('14. The Storm')
  expect(say('en', 'II', 'verse')).toBe('2')
  expect(say('en', 'I Am Legend', 'heading')).toBe('I Am Legend')
  expect(say('en', 'V. S. Naipaul', 'heading')).toBe('V. S. Naipaul')
})

test('money is spoken with the currency’s name after the amount', () => {
  expect(
    wrong('en', [
      ['It cost $5.50 then.', 'It cost 5 dollars and 50 cents then.'],
      ['$1 or $0.50', '1 dollar or 50 cents'],
      ['$5 million', '5 million dollars'],
      ['£1,000 a year', '1,000 pounds a year'],
      ['£3 10s. 6d. was paid', '3 pounds, 10 shillings and 6 pence was paid'],
      ['£3 10s was paid', '3 pounds and 10 shillings was paid'],
    ]),
  ).toEqual([])
  expect(wrong('fr', [['5,50 € et $5', '5 euros 50 et 5 dollars']])).toEqual([])
  expect(wrong('de', [['5,50 €', '5 Euro 50']])).toEqual([])
  expect(wrong('es', [['5,50 €', 'cinco euros con cincuenta céntimos']])).toEqual([])
  expect(
    wrong('vi', [
      ['10.000đ', 'mười nghìn đồng'],
      ['₫10.000', 'mười nghìn đồng'],
      ['5.000 VND', 'năm nghìn đồng'],
    ]),
  ).toEqual([])
})

test('formulas in TeX are put into words, and what is none stays', () => {
  expect(
    wrong('en', [
      ['It is $2\\frac{1}{2}$ now.', 'It is 2 and a half now.'],
      ['\\[\\frac{a + b}{c} - 2m = x^{-1}\\]', 'a plus b, over c minus 2 m equals x to the power of minus 1'],
      ['$a/b + c$', 'a over b plus c'],
    ]),
  ).toEqual([])
  expect(say('nl', 'Er blijft $\\sqrt{x^2}$ over.')).toBe('Er blijft √x² over.')
  // No formula, or one that cannot be said whole: its marks are those of any text.
  expect(
    ['\\(the rest\\)', '\\(x + \\)', '\\(\\unknown{x}\\)', '$x^{2$', '\\(x^2'].filter((text) =>
      /plus|squared|^x$/.test(say('en', text) ?? ''),
    ),
  ).toEqual([])
  // Money, and names in programs.
  expect(
    ['$5 and $10', 'a $5–$10 fee', 'from $5 to 10$', '$HOME/$USER', '$my_value$', 'US$5/C$7'].filter((text) =>
      /squared|over|equals|plus|minus/.test(say('en', text) ?? ''),
    ),
  ).toEqual([])
})

test('numeric dates are spoken in the order of their country', () => {
  expect(say('en', '3/4/1998')).toBe('March fourth, nineteen ninety-eight')
  expect(say('en-GB', '3/4/1998')).toBe('the third of April nineteen ninety-eight')
  expect(say('en', 'On 1998-04-03.')).toBe('On April third, nineteen ninety-eight.')
  expect(say('fr', '1/4/1998')).toBe('1er avril 1998')
  expect(say('de', 'am 3.4.1998')).toBe('am dritten April neunzehnhundertachtundneunzig')
  expect(say('es', '3/4/1998')).toBe('tres de abril de mil novecientos noventa y ocho')
  expect(say('vi', 'ngày 3/4/1998')).toBe('ngày ba tháng tư năm một nghìn chín trăm chín mươi tám')
  expect(say('vi', 'vào ngày 3/4')).toBe('vào ngày ba tháng tư')
})

test('units are expanded', () => {
  expect(
    wrong('en', [
      ['5 km away, 30 °C', '5 kilometers away, 30 degrees Celsius'],
      ['6 ft. tall', '6 feet tall'],
      ['He was 6 ft.', 'He was 6 feet.'],
    ]),
  ).toEqual([])
  expect(wrong('fr', [['5 km à 30 °C', '5 kilomètres à 30 degrés Celsius']])).toEqual([])
  expect(wrong('vi', [['5 km, 30 °C', 'năm ki-lô-mét, ba mươi độ xê']])).toEqual([])
})

test('numbering, ranges and fractions are expanded', () => {
  expect(
    wrong('en', [
      ['No. 5 and Nos. 6', 'number 5 and numbers 6'],
      ['No. He left.', 'No. He left.'],
      ['No. I cannot.', 'No. I cannot.'],
      ['Parts II and III', 'Parts 2 and 3'],
      ['1914-18, pages 3–4, won 3-2', 'nineteen fourteen to eighteen, pages 3 to 4, won 3–2'],
      ['1/2 cup', 'one half cup'],
    ]),
  ).toEqual([])
  expect(
    wrong('fr', [
      ['n° 5 de 1 000 hommes', 'numéro 5 de 1000 hommes'],
      ['au 2e étage, 1er mai', 'au deuxième étage, premier mai'],
      ['le XVIIIe siècle', 'le dix-huitième siècle'],
      ['François Ier et Louis XIV', 'François premier et Louis 14'],
      ['Le chat de Me', 'Le chat de Me'],
    ]),
  ).toEqual([])
  expect(
    wrong('de', [
      ['am 3. Oktober', 'am dritten Oktober'],
      ['im XIX. Jahrhundert', 'im neunzehnten Jahrhundert'],
      ['Ludwigs XIV. Hof', 'Ludwigs des Vierzehnten Hof'],
      ['IV. Kapitel', 'Viertes Kapitel'],
    ]),
  ).toEqual([])
  expect(wrong('es', [['Felipe II, siglo XIX', 'Felipe segundo, siglo diecinueve']])).toEqual([])
})

test('abbreviations that engines misread are expanded', () => {
  expect(
    wrong('en', [['Capt. Nemo and Lt. Col. Smith', 'Captain Nemo and Lieutenant Colonel Smith']]),
  ).toEqual([])
  expect(
    wrong('fr', [['M. Dupont, Mme de Rênal et MM. X', 'Monsieur Dupont, Madame de Rênal et Messieurs X']]),
  ).toEqual([])
  expect(
    wrong('de', [
      ['z. B. er, z.B. sie, d.h. wir', 'zum Beispiel er, zum Beispiel sie, das heißt wir'],
      ['Hunde usw. Er ging.', 'Hunde und so weiter. Er ging.'],
    ]),
  ).toEqual([])
  expect(wrong('es', [['EE. UU. y pág. 5', 'Estados Unidos y página cinco']])).toEqual([])
  expect(
    wrong('vi', [
      ['ở TP.HCM.', 'ở thành phố Hồ Chí Minh.'],
      ['TP. Huế, GS. Nam', 'thành phố Huế, giáo sư Nam'],
      ['CHƯƠNG XIV', 'Chương mười bốn'],
    ]),
  ).toEqual([])
})

test('digits in Chinese text become Chinese numerals', () => {
  expect(
    wrong('zh', [
      ['2024年5月3日', '二〇二四年五月三日'],
      ['1998年，20年前', '一九九八年，二十年前'],
      ['第12回', '第十二回'],
      ['100个人、2个月、1005、10500、100000', '一百个人、两个月、一千零五、一万零五百、十万'],
      ['3.14，5%，30°C，12:05', '三点一四，百分之五，三十摄氏度，十二点零五分'],
      ['¥100和$5.50', '一百元和五点五美元'],
      ['３-５天，1/2', '三至五天，二分之一'],
      ['A4纸', 'A4纸'],
      ['他走了。', '他走了。'],
    ]),
  ).toEqual([])
})

test('words in capitals are converted to ordinary case', () => {
  expect(
    wrong('en', [
      ['THE END OF IT ALL', 'The End Of It All'],
      ['He said NO, IT IS ME to NASA.', 'He said No, It Is Me to NASA.'],
      ['MR. O’BRIEN AND DR. JONES', 'Mr. O’Brien And Dr. Jones'],
    ]),
  ).toEqual([])
})

test('marks that are not spoken are removed', () => {
  expect(
    wrong('en', [
      ['the garden[1], he said.[12]', 'the garden, he said.'],
      ['a word* and a cross†', 'a word and a cross'],
      ['_Emphasis_ and so\u00adft\u200b 😀 hyphens', 'Emphasis and soft hyphens'],
      ['wait . . . what~', 'wait … what'],
      ['a--b -- c', 'a—b — c'],
      ['• an item', 'an item'],
      ['See http://www.example.com/foo?x=1. Then', 'See example.com. Then'],
      ['  lead and  double\nline ', 'lead and double line'],
    ]),
  ).toEqual([])
})

test('words run together by punctuation are separated', () => {
  expect(
    wrong('en', [
      ['Go!—He went.', 'Go! —He went.'],
      ['What?--he cried.', 'What? —he cried.'],
      ['the word.Next', 'the word. Next'],
    ]),
  ).toEqual([])
})

test('text without a letter or digit is not spoken', () => {
  expect(['***', '…', '[12]', '————', '😀', ' '].map((text) => say('en', text))).toEqual(
    Array.from({ length: 6 }),
  )
})
