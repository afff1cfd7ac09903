import { recall, remember } from '../element/stored.ts'

const systems: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Macintosh|Mac OS X/, 'Mac'],
  [/Linux|X11/, 'Linux'],
]

/** Whoever claims to be another as well comes before that one. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Vivaldi\//, 'Vivaldi'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

/** A browser and its system by its user agent, short and for people: `Firefox on Android`. */
export function deviceName(userAgent: string): string {
  const find = (names: typeof systems): string | undefined =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1]
  const [browser, system] = [find(browsers), find(systems)]
  if (browser !== undefined && system !== undefined) return `${browser} on ${system}`
  return browser ?? system ?? ''
}

let known: { readonly id: string; readonly name: string } | undefined

/** This browser: by an id that it keeps, or of this page alone where it may keep nothing. */
export function thisDevice(): { readonly id: string; readonly name: string } {
  if (known) return known
  const kept = recall('device')
  const id = typeof kept === 'string' && kept !== '' ? kept : newId()
  if (id !== kept) remember('device', id)
  known = { id, name: deviceName(navigator.userAgent) }
  return known
}

/** A random UUID, also where a page without TLS may not ask for one. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
