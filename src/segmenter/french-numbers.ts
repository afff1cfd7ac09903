const units = (
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit ' +
  'dix-neuf'
).split(' ')
const tens = '_ _ vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'.split(' ')

/** A French ordinal below 100: "deuxième", "dix-neuvième"; above, the figures as they are, `undefined`. */
export function frenchOrdinal(value: number): string | undefined {
  if (value < 1 || value >= 100) return undefined
  if (value === 1) return 'premier'
  return frenchCardinal(value)
    .replace(/quatre-vingts$/, 'quatre-vingt')
    .replace(/f$/, 'v')
    .replace(/cinq$/, 'cinqu')
    .replace(/e$/, '')
    .concat('ième')
}

/** 0 to 99 in words; before a feminine noun "une", "vingt et une". */
export function frenchCardinal(value: number, feminine = false): string {
  const said = below100(value)
  return feminine ? said.replace(/(^|\s)un$/, '$1une') : said
}

function below100(value: number): string {
  if (value < 20) return units[value] ?? ''
  const ten = Math.floor(value / 10)
  const unit = ten === 7 || ten === 9 ? (value % 10) + 10 : value % 10
  const lead = tens[ten] ?? ''
  if (unit === 0) return ten === 8 ? 'quatre-vingts' : lead
  const joint = (unit === 1 || unit === 11) && ten < 8 ? ' et ' : '-'
  return `${lead}${joint}${units[unit]}`
}
