const units = (
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete ' +
  'dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete ' +
  'veintiocho veintinueve'
).split(' ')
const tens = '_ _ _ treinta cuarenta cincuenta sesenta setenta ochenta noventa'.split(' ')
const hundreds =
  '_ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos'.split(
    ' ',
  )
const ordinals = (
  '_ primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo decimotercero ' +
  'decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno vigésimo'
).split(' ')

/** What the number stands before: nothing, a masculine noun ("un", "veintiún"), a feminine one ("una", "doscientas"). */
export type Gender = 'none' | 'masculine' | 'feminine'

/** 0 to 999,999,999 in words. */
export function spanishCardinal(value: number, gender: Gender = 'none'): string {
  const [millions, small] = [Math.floor(value / 1e6), value % 1e6]
  if (millions === 0) return below1e6(small, gender)
  const lead = millions === 1 ? 'un millón' : `${below1e6(millions, 'masculine')} millones`
  return small === 0 ? lead : `${lead} ${below1e6(small, gender)}`
}

function below1e6(value: number, gender: Gender): string {
  const [thousands, rest] = [Math.floor(value / 1000), value % 1000]
  if (thousands === 0) return below1000(rest, gender)
  const lead =
    thousands === 1 ? 'mil' : `${below1000(thousands, gender === 'none' ? 'masculine' : gender)} mil`
  return rest === 0 ? lead : `${lead} ${below1000(rest, gender)}`
}

function below1000(value: number, gender: Gender): string {
  if (value === 100) return 'cien'
  const [hundred, rest] = [Math.floor(value / 100), value % 100]
  const lead = hundred === 0 ? '' : inGender(hundreds[hundred] ?? '', gender)
  if (hundred > 0 && rest === 0) return lead
  return `${lead}${lead === '' ? '' : ' '}${below100(rest, gender)}`
}

function inGender(word: string, gender: Gender): string {
  return gender === 'feminine' ? word.replace(/cientos$|quinientos$/, (end) => end.replace('os', 'as')) : word
}

function below100(value: number, gender: Gender): string {
  const unit = value % 10
  const said =
    value < 30
      ? (units[value] ?? '')
      : (tens[Math.floor(value / 10)] ?? '') + (unit === 0 ? '' : ` y ${units[unit]}`)
  if (!said.endsWith('uno')) return said
  if (gender === 'feminine') return said.replace(/uno$/, 'una')
  return gender === 'masculine' ? said.replace(/veintiuno$/, 'veintiún').replace(/uno$/, 'un') : said
}

/** 1 to 20: "segundo", "tercera", and "primer", "tercer" before a noun; `undefined` above. */
export function spanishOrdinal(value: number, feminine: boolean, short: boolean): string | undefined {
  const ordinal = value >= 1 ? ordinals[value] : undefined
  if (feminine) return ordinal?.replace(/o$/, 'a')
  return short ? ordinal?.replace(/(primer|tercer)o$/, '$1') : ordinal
}
