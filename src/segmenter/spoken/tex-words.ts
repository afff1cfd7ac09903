import { mathematicalWords } from './mathematics.ts'

/** How the parts of a formula are put into words. */
export interface FormulaWords {
  readonly power: (base: string, exponent: string) => string
  readonly fraction: (above: string, below: string) => string
  readonly root: (of: string) => string
  /** By the sign of the relation or operation. */
  readonly signs: Readonly<Record<string, string>>
  /** Names of the letters from alpha to omega. */
  readonly greek: readonly string[]
}

/** The signs that a formula may have, in the order of the words below. */
const operators = '+ − = < > ≤ ≥ ≠ ≈ ± ∞'.split(' ')

/** Words for the operators, and the names of the Greek letters. */
const table: Readonly<Record<string, readonly [operators: string, greek: string]>> = {
  en: [
    'plus|minus|equals|is less than|is greater than|is at most|is at least|is not equal to|is about|plus or minus|infinity',
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega',
  ],
  fr: [
    'plus|moins|égale|inférieur à|supérieur à|inférieur ou égal à|supérieur ou égal à|différent de|environ|plus ou moins|l’infini',
    'alpha bêta gamma delta epsilon zêta êta thêta iota kappa lambda mu nu xi omicron pi rhô sigma tau upsilon phi khi psi oméga',
  ],
  de: [
    'plus|minus|gleich|kleiner als|größer als|kleiner oder gleich|größer oder gleich|ungleich|ungefähr|plus minus|unendlich',
    'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Jota Kappa Lambda My Ny Xi Omikron Pi Rho Sigma Tau Ypsilon Phi Chi Psi Omega',
  ],
  es: [
    'más|menos|igual a|menor que|mayor que|menor o igual que|mayor o igual que|distinto de|aproximadamente|más menos|infinito',
    'alfa beta gamma delta épsilon zeta eta theta iota kappa lambda mi ni xi ómicron pi rho sigma tau ípsilon fi ji psi omega',
  ],
  it: [
    'più|meno|uguale a|minore di|maggiore di|minore o uguale a|maggiore o uguale a|diverso da|circa|più o meno|infinito',
    'alfa beta gamma delta epsilon zeta eta teta iota cappa lambda mi ni csi omicron pi ro sigma tau ipsilon fi chi psi omega',
  ],
  pt: [
    'mais|menos|igual a|menor que|maior que|menor ou igual a|maior ou igual a|diferente de|cerca de|mais ou menos|infinito',
    'alfa beta gama delta épsilon zeta eta teta iota capa lambda mi ni csi ômicron pi rô sigma tau ípsilon fi qui psi ômega',
  ],
  vi: [
    'cộng|trừ|bằng|nhỏ hơn|lớn hơn|nhỏ hơn hoặc bằng|lớn hơn hoặc bằng|khác|xấp xỉ|cộng trừ|vô cực',
    'an-pha bê-ta gam-ma đen-ta ép-xi-lon dê-ta ê-ta tê-ta i-ô-ta kap-pa lam-đa muy nuy xi ô-mi-crôn pi rô xích-ma tô úp-xi-lon phi khi psi ô-mê-ga',
  ],
  ru: [
    'плюс|минус|равно|меньше|больше|меньше или равно|больше или равно|не равно|примерно равно|плюс-минус|бесконечность',
    'альфа бета гамма дельта эпсилон дзета эта тета йота каппа лямбда мю ню кси омикрон пи ро сигма тау ипсилон фи хи пси омега',
  ],
}

/** The Greek letters, and the names that TeX has for them. */
export const greekLetters: readonly string[] = Array.from('αβγδεζηθικλμνξοπρστυφχψω')
export const greekCommands: readonly string[] = table['en']![1].split(' ')
const raisedDigits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** In a language without words the signs of a formula stay, as those of MathML do. */
export const asSigns: FormulaWords = {
  power: (base, exponent) =>
    /^\d+$/.test(exponent)
      ? base + exponent.replaceAll(/\d/g, (figure) => raisedDigits[Number(figure)] ?? figure)
      : `${base}^${exponent}`,
  fraction: (above, below) => `${above}/${below}`,
  root: (of) => `√${of}`,
  signs: Object.fromEntries(['×', ...operators].map((sign) => [sign, sign])),
  greek: greekLetters,
}

export function formulaWords(code: string): FormulaWords | undefined {
  const own = table[code]
  const words = mathematicalWords(code)
  if (own === undefined || words === undefined) return undefined
  const said = own[0].split('|')
  return {
    power: (base, exponent) => {
      if (exponent === '2') return `${base} ${words.squared}`
      if (exponent === '3') return `${base} ${words.cubed}`
      return `${base} ${words.power(/^\d+$/.test(exponent) ? Number(exponent) : exponent)}`
    },
    fraction: (above, below) => {
      // These are said as parts: "one half".
      if (/^\d$/.test(above) && /^\d$/.test(below) && above < below) return `${above}/${below}`
      const isSum = said.slice(0, 2).some((word) => above.includes(` ${word} `))
      return `${above}${isSum ? ',' : ''} ${words.over} ${below}`
    },
    root: (of) => `${words.root} ${of}`,
    signs: {
      '×': words.times,
      ...Object.fromEntries(operators.map((sign, index) => [sign, said[index] ?? sign])),
    },
    greek: own[1].split(' '),
  }
}
