interface Ending {
  /** As it is written, in small letters, with ’. */
  readonly written: string
  /** How it sounds after IPA; `undefined`: nobody can tell, so IPA is not said with it. */
  readonly sound?: (ipa: string) => string
}

const fixed =
  (sound: string): NonNullable<Ending['sound']> =>
  () =>
    sound

/** The English s of a plural or possessive. */
const sibilant = (ipa: string): string => {
  if (/[szʃʒ]$/u.test(ipa)) return 'ɪz'
  return /[ptkfθ]$/u.test(ipa) ? 's' : 'z'
}

function endings(list: Readonly<Record<string, NonNullable<Ending['sound']> | undefined>>): Ending[] {
  return Object.entries(list)
    .map(([written, sound]): Ending => ({ written, ...(sound && { sound }) }))
    .toSorted((one, other) => other.written.length - one.written.length)
}

const written = (list: string): Record<string, undefined> =>
  Object.fromEntries(list.split(' ').map((one) => [one, undefined]))

/** Endings of names by language. */
const byLanguage: Readonly<Record<string, readonly Ending[]>> = {
  en: endings({ '’s': sibilant, s: sibilant, es: sibilant, 's’': sibilant, 'es’': sibilant, '’': fixed('') }),
  de: endings({ s: fixed('s'), '’': fixed(''), '’s': fixed('s'), n: fixed('n'), en: fixed('ən') }),
  nl: endings({ s: fixed('s'), '’s': fixed('s'), '’': fixed(''), en: fixed('ən') }),
  fr: endings({ s: fixed(''), x: fixed('') }),
  es: endings({ s: fixed('s'), es: fixed('es') }),
  pt: endings({ s: fixed('s'), es: fixed('is') }),
  ru: endings(written('а я у ю ом ем ой ей е и ы ов ев ам ям ами ями ах ях')),
}

const none: readonly Ending[] = []

/** The endings that a word may have in a language, the longest first. `code`: primary subtag. */
export function endingsOf(code: string): readonly Ending[] {
  return byLanguage[code] ?? none
}

/** Languages that put a short word with an apostrophe before another: l’homme, dell’anno. */
export const elidingLanguages: ReadonlySet<string> = new Set(['fr', 'it', 'ca'])
