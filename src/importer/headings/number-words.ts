import { numberForms, readDigits, readLetterNumber } from './number-forms.ts'

/** Words for 1…20, cardinals and ordinals of all languages that have a word for each; forms of one value joined by `/`. */
const unitWords: readonly string[] = [
  'one/first/un/une/premier/première/ein/eins/eine/erste/erster/erstes/uno/una/primero/primera/primer/um/uma/primeiro/primeira/primo/prima/один/одна/первый/первая/первое/một/mốt/nhất',
  'two/second/deux/deuxième/seconde/zwei/zweite/zweiter/zweites/dos/segundo/segunda/dois/duas/due/secondo/seconda/два/две/второй/вторая/второе/hai/nhì',
  'three/third/trois/troisième/drei/dritte/dritter/drittes/tres/tercero/tercera/tercer/três/terceiro/terceira/tre/terzo/terza/три/третий/третья/третье/ba',
  'four/fourth/quatre/quatrième/vier/vierte/vierter/viertes/cuatro/cuarto/cuarta/quatro/quarto/quarta/quattro/четыре/четвертый/четвёртый/четвертая/четвёртая/bốn/tư',
  'five/fifth/cinq/cinquième/fünf/fünfte/fünfter/fünftes/cinco/quinto/quinta/cinque/пять/пятый/пятая/năm/lăm',
  'six/sixth/sixième/sechs/sechste/sechster/sechstes/seis/sexto/sexta/sei/sesto/sesta/шесть/шестой/шестая/sáu',
  'seven/seventh/sept/septième/sieben/siebte/siebter/siebtes/siebente/siebentes/siete/séptimo/séptima/sete/sétimo/sétima/sette/settimo/settima/семь/седьмой/седьмая/bảy',
  'eight/eighth/huit/huitième/acht/achte/achter/achtes/ocho/octavo/octava/oito/oitavo/oitava/otto/ottavo/ottava/восемь/восьмой/восьмая/tám',
  'nine/ninth/neuf/neuvième/neun/neunte/neunter/neuntes/nueve/noveno/novena/nove/nono/nona/девять/девятый/девятая/chín',
  'ten/tenth/dix/dixième/zehn/zehnte/zehnter/zehntes/diez/décimo/décima/dez/dieci/decimo/decima/десять/десятый/десятая/mười',
  'eleven/eleventh/onze/onzième/elf/elfte/elfter/elftes/once/undécimo/undici/undicesimo/одиннадцать/одиннадцатый/одиннадцатая',
  'twelve/twelfth/douze/douzième/zwölf/zwölfte/zwölfter/zwölftes/doce/duodécimo/doze/dodici/dodicesimo/двенадцать/двенадцатый/двенадцатая',
  'thirteen/thirteenth/treize/treizième/dreizehn/dreizehntes/trece/treze/tredici/тринадцать/тринадцатый/тринадцатая',
  'fourteen/fourteenth/quatorze/quatorzième/vierzehn/vierzehntes/catorce/catorze/quattordici/четырнадцать/четырнадцатый/четырнадцатая',
  'fifteen/fifteenth/quinze/quinzième/fünfzehn/fünfzehntes/quince/quindici/пятнадцать/пятнадцатый/пятнадцатая',
  'sixteen/sixteenth/seize/seizième/sechzehn/sechzehntes/dieciséis/dezesseis/dezasseis/sedici/шестнадцать/шестнадцатый/шестнадцатая',
  'seventeen/seventeenth/dix-sept/siebzehn/siebzehntes/diecisiete/dezessete/diciassette/семнадцать/семнадцатый/семнадцатая',
  'eighteen/eighteenth/dix-huit/achtzehn/achtzehntes/dieciocho/dezoito/diciotto/восемнадцать/восемнадцатый/восемнадцатая',
  'nineteen/nineteenth/dix-neuf/neunzehn/neunzehntes/diecinueve/dezenove/diciannove/девятнадцать/девятнадцатый/девятнадцатая',
  'twenty/twentieth/vingt/vingtième/zwanzig/zwanzigste/zwanzigstes/veinte/vigésimo/vinte/venti/ventesimo/двадцать/двадцатый/двадцатая',
]
const tens: readonly string[] = [
  'thirty/thirtieth/trente/dreißig/dreißigstes/treinta/trinta/trenta/тридцать',
  'forty/fortieth/quarante/vierzig/cuarenta/quarenta/quaranta/сорок',
  'fifty/fiftieth/cinquante/fünfzig/cincuenta/cinquenta/cinquanta/пятьдесят',
  'sixty/sixtieth/soixante/sechzig/sesenta/sessenta/sessanta/шестьдесят',
  'seventy/seventieth/soixante-dix/siebzig/setenta/settanta/семьдесят',
  'eighty/eightieth/quatre-vingt/quatre-vingts/achtzig/ochenta/oitenta/ottanta/восемьдесят',
  'ninety/ninetieth/quatre-vingt-dix/neunzig/noventa/novanta/девяносто',
]
const values = new Map<string, number>()
unitWords.forEach((forms, index) => forms.split('/').forEach((form) => values.set(form, index + 1)))
tens.forEach((forms, index) => forms.split('/').forEach((form) => values.set(form, 30 + index * 10)))
const germanUnits = ['ein', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun']
for (const [ten, value] of [
  ['zwanzig', 20],
  ['dreißig', 30],
  ['vierzig', 40],
  ['fünfzig', 50],
] as const)
  germanUnits.forEach((unit, index) => {
    for (const ending of ['', 'ste', 'ster', 'stes'])
      values.set(`${unit}und${ten}${ending}`, value + index + 1)
  })
const joiners = new Set(['and', 'et', 'y', 'e', 'und'])

export interface ReadNumber {
  readonly value: number
  /** UTF-16 units that it occupies at the start of the text. */
  readonly length: number
}

/** Reads the number at the start of a text: digits, a Roman numeral, or words; `undefined` if there is none. */
export function readNumber(text: string): ReadNumber | undefined {
  const digits = readDigits(text)
  if (digits !== undefined) return digits
  const oneLetter = /^[\u2160-\u217f]{1,9}(?!\p{L})/u.exec(text)?.[0]
  const plain = oneLetter === undefined ? undefined : romanValue(oneLetter.normalize('NFKC'))
  if (oneLetter !== undefined && plain !== undefined) return { value: plain, length: oneLetter.length }
  const roman =
    /^[IVXLCDM]{1,9}(?![\p{L}\p{N}’'])/u.exec(text)?.[0] ?? /^[ivxlc]{1,7}(?=[.:\s]|$)/.exec(text)?.[0]
  if (roman !== undefined) {
    const value = romanValue(roman)
    if (value !== undefined) return { value, length: roman.length }
  }
  return numberWords(text) ?? readLetterNumber(text)
}

/** UTF-16 units examined for number words. */
const longestNumber = 80

function numberWords(text: string): ReadNumber | undefined {
  let value = 0
  let length = 0
  let pending = 0
  for (const { 0: word, index } of text
    .slice(0, longestNumber)
    .matchAll(/[\p{L}\p{M}’ʼ]+(?:-[\p{L}\p{M}]+)*/gu)) {
    // Words of one number are separated by single spaces.
    if (index !== pending || index > 40) break
    const lower = word.toLowerCase().normalize('NFC')
    const part = wordValue(lower)
    // Vietnamese counts its tens: hai mươi ba, two tens three.
    if (lower === 'mươi' && value > 0 && value < 10) {
      value *= 10
      length = index + word.length
    } else if (part !== undefined) {
      if (value > 0 && part >= value && part < 100) break
      value = part === 100 ? Math.max(value, 1) * 100 : value + part
      length = index + word.length
    } else if (value === 0 || !joiners.has(lower)) break
    pending = index + word.length + 1
  }
  return value === 0 ? undefined : { value, length }
}

function wordValue(word: string): number | undefined {
  if (/^(?:hundred|hundredth|cent|centième|hundert|cien|ciento|cento|сто|trăm)$/.test(word)) return 100
  const whole = values.get(word) ?? numberForms.get(word)
  if (whole !== undefined || !word.includes('-')) return whole
  let sum = 0
  for (const piece of word.split('-')) {
    const value = joiners.has(piece) ? 0 : values.get(piece)
    if (value === undefined) return undefined
    sum += value
  }
  return sum
}

const romanDigits: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 }

/** The value of a Roman numeral, including the forms of old printers (IIII, XXXX); `undefined` for other letters. */
export function romanValue(roman: string): number | undefined {
  const upper = roman.toUpperCase()
  if (!/^M{0,3}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})$/.test(upper) || upper === '')
    return undefined
  let value = 0
  for (let index = 0; index < upper.length; index += 1) {
    const digit = romanDigits[upper[index] ?? ''] ?? 0
    value += digit < (romanDigits[upper[index + 1] ?? ''] ?? 0) ? -digit : digit
  }
  return value
}

const cjkDigits = '〇一二三四五六七八九'
const cjkUnits: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 拾: 10, 佰: 100 }
const formal: Readonly<Record<string, string>> = {
  零: '〇',
  '○': '〇',
  两: '二',
  兩: '二',
  壹: '一',
  贰: '二',
  叁: '三',
  廿: '二十',
  卅: '三十',
}

/** Parses `二十三`, `一〇三`, `23`, `２３`; `undefined` for anything else. */
export function cjkNumber(text: string): number | undefined {
  const plain = Array.from(text.normalize('NFKC'), (char) => formal[char] ?? char).join('')
  if (/^\d{1,5}$/.test(plain)) return Number(plain)
  if (plain === '' || !/^[〇一二三四五六七八九十百千拾佰]+$/.test(plain)) return undefined
  if (/^[〇一二三四五六七八九]+$/.test(plain))
    return Number(Array.from(plain, (char) => cjkDigits.indexOf(char)).join(''))
  let value = 0
  let digit = 0
  for (const char of plain) {
    const unit = cjkUnits[char]
    if (unit === undefined) digit = cjkDigits.indexOf(char)
    else {
      value += (digit === 0 ? 1 : digit) * unit
      digit = 0
    }
  }
  return value + digit
}
