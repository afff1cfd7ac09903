import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const folder = '/usr/share/espeak-ng-data/'

/**
 * The words whose pronunciation eSpeak has in its dictionary for a language, in lower case; all others it says by its
 * letter-to-sound rules. Empty if it has none, or the format is another. The file (compiledict.c): number of hash
 * chains, offset of the rules, then each chain's entries and a zero; an entry has its length in bytes, a byte of flags
 * and the word's length, and the word, packed in 6 bits a letter (a = 1) where it can be.
 */
export function espeakDictionary(code: string): ReadonlySet<string> {
  const words = new Set<string>()
  const bytes = dictionaryBytes(code)
  if (bytes === undefined || bytes.length < 8) return words
  const chains = bytes.readInt32LE(0)
  const rules = bytes.readInt32LE(4)
  if (chains !== 1024 || rules > bytes.length) return words
  let at = 8
  for (let chain = 0; chain < chains && at < rules; chain++, at++)
    for (; at < rules && bytes[at] !== 0; at += bytes[at]!) {
      const flags = bytes[at + 1]!
      // Some entries have only flags, such as that the word is a verb.
      if (flags & 0x80) continue
      const written = bytes.subarray(at + 2, at + 2 + (flags & 0x3f))
      words.add(flags & 0x40 ? unpacked(written) : written.toString('utf8'))
    }
  return words
}

function unpacked(bytes: Uint8Array): string {
  let word = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 6; bits -= 6) {
      const letter = (held >> (bits - 6)) & 63
      if (letter > 0) word += String.fromCharCode(0x60 + letter)
    }
    held &= (1 << bits) - 1
  }
  return word
}

/** The library keeps its files one after another in one, and lists them in its script. */
function dictionaryBytes(code: string): Buffer | undefined {
  const require = createRequire(import.meta.url)
  const script = readFileSync(require.resolve('@echogarden/espeak-ng-emscripten'), 'utf8')
  const listed = new RegExp(`"${folder}${code}_dict",start:(\\d+),end:(\\d+)`).exec(script)
  if (listed === null) return undefined
  const data = readFileSync(require.resolve('@echogarden/espeak-ng-emscripten/espeak-ng.data'))
  return data.subarray(Number(listed[1]), Number(listed[2]))
}
