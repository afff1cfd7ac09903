import type { CatalogueVoice } from '../../novel/voice-catalogue.ts'
import { readSmallFile, type SmallFileOptions, type VoiceSource } from './voice-source.ts'

/** Larger ones are no cards. */
const maxCardBytes = 64 * 1024

/**
 * The card that tells where a voice comes from, as text; `undefined` where the source has none. Throws
 * `voice.unreachable`.
 */
export async function fetchVoiceCard(
  source: VoiceSource,
  voice: CatalogueVoice,
  options: Omit<SmallFileOptions, 'mostBytes'>,
): Promise<string | undefined> {
  const card = voice.files.find(({ role }) => role === 'card')
  const bytes = card && (await readSmallFile(source, card.path, { ...options, mostBytes: maxCardBytes }))
  return bytes && new TextDecoder().decode(bytes)
}

/**
 * The licence that a voice's card names, in the usual short form: `CC BY-NC-SA 4.0`, `CC0`, `Apache-2.0`; what has
 * none is given as written, and "See URL" with the address that is meant. `undefined` when the card names none.
 * Cards are Markdown by many hands: `* License: CC0`, a heading "License" with a line below it, or the YAML before a
 * Hugging Face card.
 */
export function licenceOf(card: string): string | undefined {
  const written = licenceLine(card)
  if (written === undefined) return undefined
  if (/^see (?:the )?url\b/i.test(written)) {
    const address = lineOf(card, 'url')
    return address === undefined ? written : `See ${address}`
  }
  return creativeCommons(written) ?? wellKnown(written) ?? written.slice(0, longest)
}

const longest = 200

function licenceLine(card: string): string | undefined {
  return lineOf(card, 'licen[cs]e') ?? inPlainText(/^#+ *licen[cs]e[ \t]*\r?\n\s*(\S.*)$/im.exec(card)?.[1])
}

/** What stands behind `* Name:` or `**Name:**`. */
function lineOf(card: string, name: string): string | undefined {
  const line = new RegExp(`^[ \\t]*(?:[*-][ \\t]+)?(?:\\*\\*)?${name}:(?:\\*\\*)?[ \\t]*(\\S.*)$`, 'im')
  return inPlainText(line.exec(card)?.[1])
}

/** The text of a link rather than its target. */
function inPlainText(markdown: string | undefined): string | undefined {
  return markdown
    ?.slice(0, 1000)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
}

function creativeCommons(written: string): string | undefined {
  if (/\bcc[ -]?0\b|publicdomain\/zero/i.test(written)) return 'CC0'
  const short =
    /\bcc[ -](by(?:-(?:nc|sa|nd))*)(?:[ -](\d\.\d)(?: ([A-Z]{2})\b)?)?/i.exec(written) ??
    /creativecommons\.org\/licenses\/([a-z-]+)\/(\d\.\d)/i.exec(written)
  if (short) return ['CC', short[1]?.toUpperCase(), short[2], short[3]].filter(Boolean).join(' ')
  const long = /\bAttribution((?:-[A-Z]\w+)*) (\d\.\d)/.exec(written)
  // `-NonCommercial-ShareAlike` has the capitals NC and SA.
  return long ? `CC BY${long[1]?.replace(/[a-z]/g, '')} ${long[2]}` : undefined
}

const known: readonly (readonly [RegExp, string])[] = [
  [/\bapache\b.*2\.0/i, 'Apache-2.0'],
  [/\bagpl-?v?3/i, 'AGPL-3.0'],
  [/^mit\b/i, 'MIT'],
  [/\bunlicense\b/i, 'Unlicense'],
  [/^public domain\b/i, 'Public domain'],
]

function wellKnown(written: string): string | undefined {
  return known.find(([pattern]) => pattern.test(written))?.[1]
}
