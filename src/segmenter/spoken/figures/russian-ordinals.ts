import { isRoman, romanValue } from '../../numeral-values.ts'
import { type Rule, wordBefore } from '../text-changes.ts'

const stems = (
  '_ перв втор трет четвёрт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат ' +
  'шестнадцат семнадцат восемнадцат девятнадцат'
).split(' ')
const tenStems = '_ _ двадцат тридцат сороков пятидесят шестидесят семидесят восьмидесят девяност'.split(' ')
const tens = '_ _ двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто'.split(' ')
const hundredStems = '_ сот двухсот трёхсот четырёхсот пятисот шестисот семисот восьмисот девятисот'.split(
  ' ',
)
const hundreds = '_ сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот'.split(' ')

/** The case, and gender, that the words around an ordinal require. */
type Form =
  | 'nominative'
  | 'genitive'
  | 'dative'
  | 'instrumental'
  | 'prepositional'
  | 'feminine'
  | 'oblique'
  | 'neuter'

const endings: Readonly<Record<Form, string>> = {
  nominative: 'ый',
  genitive: 'ого',
  dative: 'ому',
  instrumental: 'ым',
  prepositional: 'ом',
  feminine: 'ая',
  oblique: 'ой',
  neuter: 'ое',
}
const soft: Readonly<Record<Form, string>> = {
  nominative: 'третий',
  genitive: 'третьего',
  dative: 'третьему',
  instrumental: 'третьим',
  prepositional: 'третьем',
  feminine: 'третья',
  oblique: 'третьей',
  neuter: 'третье',
}

/** 1 to 2099: "двадцать первый", "сорокового", "тысяча восемьсот двенадцатый". */
function russianOrdinal(value: number, form: Form): string | undefined {
  if (!(value >= 1 && value <= 2099)) return undefined
  const [thousands, hundred, rest] = [Math.floor(value / 1000), Math.floor(value / 100) % 10, value % 100]
  const thousand = thousands === 0 ? '' : thousands === 1 ? 'тысяча ' : 'две тысячи '
  if (rest > 0) return `${thousand}${hundred === 0 ? '' : `${hundreds[hundred]} `}${below100(rest, form)}`
  if (hundred > 0) return thousand + hundredStems[hundred] + endings[form]
  return (thousands === 2 ? 'двухтысячн' : 'тысячн') + endings[form]
}

function below100(value: number, form: Form): string {
  const [ten, unit] = [Math.floor(value / 10), value % 10]
  if (value >= 20 && unit > 0) return `${tens[ten]} ${below100(unit, form)}`
  if (value === 3) return soft[form]
  const stressed = form === 'nominative' && ([2, 6, 7, 8].includes(value) || value === 40)
  return (value >= 20 ? tenStems[ten] : stems[value]) + (stressed ? 'ой' : endings[form])
}

const yearForms: Readonly<Record<string, Form>> = {
  год: 'nominative',
  года: 'genitive',
  году: 'prepositional',
  годом: 'instrumental',
}

/** "в 1812 году", but "к 1812 году": the dative has the form of the prepositional. */
const sayYear: Rule[1] = ({ 1: figures = '', 2: noun = '', index, input }) => {
  const dative = noun === 'году' && /(?<!\p{L})[Кк]\s$/u.test(input.slice(Math.max(0, index - 3), index))
  const spoken = russianOrdinal(Number(figures), dative ? 'dative' : (yearForms[noun] ?? 'nominative'))
  return spoken && `${spoken} ${noun}`
}

/**
 * "в 1812 г." is "в тысяча восемьсот двенадцатом году", "летом 1812 г." "летом тысяча восемьсот двенадцатого года". The period stays
 * where it ends the sentence too.
 */
const sayShortYear: Rule[1] = ({ 0: found, 1: figures = '', index, input }) => {
  const before = wordBefore(input, index)
  const noun = before === '' ? 'год' : /^(?:в|во|о|об|при|к|ко|по)$/.test(before) ? 'году' : 'года'
  const form = /^(?:к|ко|по)$/.test(before) ? 'dative' : (yearForms[noun] ?? 'nominative')
  const spoken = russianOrdinal(Number(figures), form)
  return spoken && `${spoken} ${noun}${/[\p{L}\d]/u.test(input.slice(index + found.length)) ? '' : '.'}`
}

/** Before the units: "г." is no gram behind a year. */
export const russianYears: Rule = [/(?<![\d.,–-])(1\d{3}|20\d\d)\s?г\./gu, sayShortYear]

const months = 'января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря'

const sayDay: Rule[1] = ([, figures = '']) =>
  Number(figures) > 31 ? undefined : russianOrdinal(Number(figures), 'genitive')

/** What is counted in headings, by the gender that its ordinal has. */
const numbered: readonly (readonly [nouns: string, form: Form])[] = [
  ['глава|часть|книга|песнь|песня|сцена|серия|тетрадь|повесть|лекция', 'feminine'],
  ['том|раздел|акт|рассказ|эпизод|день|вечер|выпуск|урок', 'nominative'],
  ['письмо|действие|явление|приложение|послание', 'neuter'],
]

/** "Глава 12", "Глава 12-я" and "Глава XII" as the words of a heading: "Глава двенадцатая". In a sentence they are counted. */
export const russianHeadings: readonly Rule[] = numbered.map(([nouns, form]) => [
  new RegExp(
    `(?<=(?<!\\p{L})(?:${nouns})\\s)(\\d{1,4}|[IVXLC\u2160-\u2188]+)(?:-(?:[аыя]?я|ь[яе]|[ыио]?й|[ое]?е))?(?![\\p{L}\\d]|-\\p{L}|[.,:/]\\d|\\s?[–—-]\\s?[\\dIVXLC]|\\s(?:${months})(?!\\p{L}))`,
    'giu',
  ),
  ([, found = '']) => {
    const numeral = found.normalize('NFKC')
    return russianOrdinal(isRoman(numeral) ? romanValue(numeral) : Number(numeral), form)
  },
])

/** Rulers' names without their endings. */
const kings =
  'Пётр|Петр|Павел|Павл|Николай|Никола|Александр|Иван|Иоанн|Людовик|Генрих|Карл|Филипп|Фридрих|Вильгельм|Наполеон|Георг|Эдуард|Ричард|Яков|Густав|Сигизмунд|Франциск|Фердинанд|Леопольд|Рудольф|Василий|Васили|Фёдор|Генри|Пий|Пи'
const queens = 'Екатерин|Елизавет|Мари|Анн|Изабелл'
const kingForms: Readonly<Record<string, Form>> = {
  '': 'nominative',
  а: 'genitive',
  я: 'genitive',
  у: 'dative',
  ю: 'dative',
  ом: 'instrumental',
  ем: 'instrumental',
  е: 'prepositional',
  и: 'prepositional',
}

const sayKing: Rule[1] = ([, name = '', ending = '', numeral = '']) => {
  const spoken = russianOrdinal(romanValue(numeral), kingForms[ending] ?? 'nominative')
  return spoken && `${name}${ending} ${spoken}`
}

const sayQueen: Rule[1] = ([, name = '', ending = '', numeral = '']) => {
  const value = romanValue(numeral)
  const accusative = ending === 'у' || ending === 'ю'
  const spoken = russianOrdinal(
    value,
    ending === 'а' || ending === 'я' || accusative ? 'feminine' : 'oblique',
  )
  return (
    spoken && `${name}${ending} ${accusative ? spoken.replace(/ая$/, 'ую').replace(/тья$/, 'тью') : spoken}`
  )
}

/** "2 женщины" is "две женщины", "21 книга" "двадцать одна книга"; masculine nouns have the engine's own form. */
const sayCounted: Rule[1] = ([, figures = '', noun = '']) => {
  const [value, unit] = [Number(figures), Number(figures) % 10]
  if (value % 100 === 11 || value % 100 === 12) return undefined
  const lead = value < 20 ? '' : `${tens[Math.floor(value / 10)]} `
  if (unit === 1 && /[аяь]$/.test(noun) && !/(?:день|конь|рубль|огонь|корабль|дня|мужчина|дядя)$/.test(noun))
    return noun.endsWith('ь') && !/(?:ость|ночь|дверь|печь|лошадь|площадь|церковь)$/.test(noun)
      ? undefined
      : `${lead}одна`
  return unit === 2 && /[ыи]$/.test(noun) && !/(?:мужчины|дяди)$/.test(noun) ? `${lead}две` : undefined
}

/** Years, days of a month, rulers, and "одна", "две": numbers whose form their context decides. */
export const russianOrdinals: readonly Rule[] = [
  [/(?<![\d.,–-])(1\d{3}|20\d\d)\s(год(?:а|у|ом)?)(?!\p{L})/gu, sayYear],
  [new RegExp(`(?<![\\d.,:/–-])(\\d{1,2})(?=\\s(?:${months})(?!\\p{L}))`, 'gu'), sayDay],
  [/(?<![\p{L}\d.,:/–-])(\d{1,2})(?=\s(\p{Ll}{3,}))/gu, sayCounted],
]

export const russianRulers: readonly Rule[] = [
  [new RegExp(`(?<!\\p{L})(${kings})(а|я|у|ю|ом|ем|е|и)?\\s([IVX]{1,5})(?![\\p{L}\\d])`, 'gu'), sayKing],
  [new RegExp(`(?<!\\p{L})(${queens})(а|я|ы|и|е|у|ю|ой|ей)\\s([IVX]{1,5})(?![\\p{L}\\d])`, 'gu'), sayQueen],
]
