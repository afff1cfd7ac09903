const units = (
  'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn ' +
  'achtzehn neunzehn'
).split(' ')
const tens = '_ _ zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ')

/** 0 to 99 in one word: "einundzwanzig"; before a noun "eins" is "ein". */
export function germanCardinal(value: number): string {
  if (value < 20) return units[value] ?? ''
  const unit = value % 10
  const lead = unit === 0 ? '' : `${unit === 1 ? 'ein' : units[unit]}und`
  return lead + (tens[Math.floor(value / 10)] ?? '')
}

/** 1100 to 1999 as years are said: "achtzehnhundertachtundvierzig". */
export function germanYear(year: number): string {
  const rest = year % 100
  return `${germanCardinal(Math.floor(year / 100))}hundert${rest === 0 ? '' : germanCardinal(rest)}`
}

const irregular: Readonly<Record<number, string>> = { 1: 'erst', 3: 'dritt', 7: 'siebt', 8: 'acht' }

/** An ordinal below 100 without its ending: "dritt", "einundzwanzigst". */
export function germanStem(value: number): string {
  return irregular[value] ?? germanCardinal(value) + (value < 20 ? 't' : 'st')
}
