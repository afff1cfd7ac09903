import { addChanges, type Change, type Passage } from './text-changes.ts'

/** Singular and plural of the currency, singular and plural of its hundredth. */
type Names = readonly [one: string, many: string, part?: string, parts?: string]

interface Money {
  readonly names: Readonly<Record<string, Names>>
  /** The word between the whole and the hundredths: "5 dollars and 50 cents". */
  readonly joint: string
  /** Whether the hundredths are spoken without a name: "5 euros 50". */
  readonly bare?: boolean
}

const table: Readonly<Record<string, Money>> = {
  en: {
    names: {
      $: ['dollar', 'dollars', 'cent', 'cents'],
      '£': ['pound', 'pounds', 'penny', 'pence'],
      '€': ['euro', 'euros', 'cent', 'cents'],
      '¥': ['yen', 'yen'],
      '₫': ['dong', 'dong'],
      '₹': ['rupee', 'rupees', 'paisa', 'paise'],
      '₽': ['rouble', 'roubles', 'kopeck', 'kopecks'],
      '¢': ['cent', 'cents'],
    },
    joint: ' and ',
  },
  fr: {
    names: {
      $: ['dollar', 'dollars', 'cent', 'cents'],
      '£': ['livre', 'livres', 'penny', 'pence'],
      '€': ['euro', 'euros', 'centime', 'centimes'],
      '¥': ['yen', 'yens'],
      '₫': ['dong', 'dongs'],
    },
    joint: ' ',
    bare: true,
  },
  de: {
    names: {
      $: ['Dollar', 'Dollar', 'Cent', 'Cent'],
      '£': ['Pfund', 'Pfund', 'Penny', 'Pence'],
      '€': ['Euro', 'Euro', 'Cent', 'Cent'],
      '¥': ['Yen', 'Yen'],
      '₫': ['Dong', 'Dong'],
    },
    joint: ' ',
    bare: true,
  },
  es: {
    names: {
      $: ['dólar', 'dólares', 'centavo', 'centavos'],
      '£': ['libra', 'libras', 'penique', 'peniques'],
      '€': ['euro', 'euros', 'céntimo', 'céntimos'],
      '¥': ['yen', 'yenes'],
      '₫': ['dong', 'dongs'],
    },
    joint: ' con ',
  },
  it: {
    names: {
      $: ['dollaro', 'dollari', 'centesimo', 'centesimi'],
      '£': ['sterlina', 'sterline', 'penny', 'penny'],
      '€': ['euro', 'euro', 'centesimo', 'centesimi'],
    },
    joint: ' e ',
    bare: true,
  },
  pt: {
    names: {
      $: ['dólar', 'dólares', 'centavo', 'centavos'],
      R$: ['real', 'reais', 'centavo', 'centavos'],
      '£': ['libra', 'libras', 'pêni', 'pence'],
      '€': ['euro', 'euros', 'cêntimo', 'cêntimos'],
    },
    joint: ' e ',
  },
  vi: {
    names: {
      $: ['đô la', 'đô la', 'xu', 'xu'],
      '£': ['bảng Anh', 'bảng Anh', 'xu', 'xu'],
      '€': ['ơ rô', 'ơ rô', 'xu', 'xu'],
      '¥': ['yên', 'yên'],
      '₫': ['đồng', 'đồng'],
    },
    joint: ' ',
  },
}

/** Codes and letters used in place of the signs. */
const signs: Readonly<Record<string, string>> = { EUR: '€', USD: '$', GBP: '£', VND: '₫', VNĐ: '₫', đ: '₫' }

const money = /[$£€¥₫₹₽¢]|VN[DĐ]|EUR|USD|GBP|\dđ|\d đ/u
const before =
  /(?:\b(?:US|A|C|NZ|HK|S)(?=\$))?((?<!\p{L})R\$|[$£€¥₫₹₽])\s?(\d+(?:[.,]\d+)*)(?:\s(hundred|thousand|million|billion|trillion|millions|milliards|Millionen|Milliarden|millones|triệu|tỷ)\b|\s?(m|mn|bn|k|tn|[MBK])(?![\p{L}\p{N}]))?/gu
const behind =
  /(?<![\d.,])(\d+(?:[.,   ]\d{3})*(?:[.,]\d{1,2})?)\s?([$£€¥₫₹₽¢]|(?:VND|VNĐ|EUR|USD|GBP|đ)(?!\p{L}))/gu
const oldPounds = /£(\d[\d,]*)\s(\d{1,2})s\.?(?:\s(\d{1,2})d\.?)?(?!\w)/g
/** "5s. a week", "6d. each"; "in the 60s." and "his 30s." are decades. */
const oneCoin =
  /(?<!\d|\b(?:[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[Oo]ur|[Yy]our|[Ee]arly|[Ll]ate|[Mm]id)[ -])(\d{1,2})([sd])\.(?=\s\p{Ll}|[,;])/gu
const oldShillings = /(?<!\d)(\d{1,2})s\.\s?(\d{1,2})d\.?(?!\w)/g

/** Suffixes of scale: "€20m", "$3bn". */
const scales: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: { k: 'thousand', m: 'million', mn: 'million', b: 'billion', bn: 'billion', tn: 'trillion' },
  fr: { k: 'mille', m: 'millions de', mn: 'millions de', bn: 'milliards de' },
  de: { k: 'tausend', m: 'Millionen', mn: 'Millionen', bn: 'Milliarden' },
  es: { k: 'mil', m: 'millones de', mn: 'millones de', bn: 'mil millones de' },
  vi: { k: 'nghìn', m: 'triệu', mn: 'triệu', bn: 'tỷ' },
}

/** "$5.50" → "5 dollars and 50 cents": eSpeak NG says "dollar five point five zero". Digits are not changed. */
export function sayCurrency({ text, language }: Passage, changes: Change[]): void {
  const words = table[language.code]
  if (!words) return
  if (language.code === 'en') sayOldMoney(text, changes)
  if (!money.test(text)) return
  addChanges(changes, text, before, ([, sign = '', amount = '', word, letters]) => {
    const names = words.names[sign]
    if (!names) return undefined
    const scale = word ?? scales[language.code]?.[(letters ?? '').toLowerCase()]
    if (letters !== undefined && scale === undefined) return undefined
    return scale
      ? `${amount} ${scale} ${names[1]}`.replace('de euros', 'd’euros')
      : sayAmount(amount, names, words)
  })
  addChanges(changes, text, behind, ([, amount = '', sign = '']) => {
    const names = words.names[signs[sign] ?? sign]
    return names && sayAmount(amount, names, words)
  })
}

function sayAmount(amount: string, names: Names, { joint, bare }: Money): string {
  const [whole, part] = split(amount)
  const [one, many, cent, cents] = names
  if (part === undefined || !cent || !cents) return count(amount, one, many)
  const hundredths = String(Number(part))
  const small = count(hundredths, cent, cents)
  if (part === '00') return count(whole, one, many)
  if (/^0+$/.test(whole)) return small
  return count(whole, one, many) + joint + (bare && part[0] !== '0' ? hundredths : small)
}

/** Splits an amount: two digits after the last separator are hundredths, three are thousands. */
function split(amount: string): readonly [string, string?] {
  const found = /^(.*\d)[.,](\d{2})$/.exec(amount)
  return found ? [found[1] ?? '', found[2] ?? ''] : [amount]
}

/** British money as written until 1971: "£3 10s. 6d.". */
function sayOldMoney(text: string, changes: Change[]): void {
  addChanges(changes, text, oldPounds, ([, pounds = '', shillings = '', pence]) => {
    const tail = pence
      ? `, ${count(shillings, 'shilling', 'shillings')} and ${count(pence, 'penny', 'pence')}`
      : ''
    return count(pounds, 'pound', 'pounds') + (tail || ` and ${count(shillings, 'shilling', 'shillings')}`)
  })
  addChanges(
    changes,
    text,
    oldShillings,
    ([, shillings = '', pence = '']) =>
      `${count(shillings, 'shilling', 'shillings')} and ${count(pence, 'penny', 'pence')}`,
  )
  addChanges(changes, text, oneCoin, ([, amount = '', coin]) =>
    coin === 's' ? count(amount, 'shilling', 'shillings') : count(amount, 'penny', 'pence'),
  )
}

function count(amount: string, one: string, many: string): string {
  return `${amount} ${amount === '1' ? one : many}`
}
