import type { CatalogueVoice } from '../../novel/voice-catalogue.ts'
import { readSmallFile, type SmallFileOptions, type VoiceSource } from './voice-source.ts'

/** A larger file is not a card. */
const maxCardBytes = 64 * 1024

/** The text of a voice's model card; `undefined` if the source has none. Throws `voice.unreachable`. */
export async function fetchVoiceCard(
  source: VoiceSource,
  voice: CatalogueVoice,
  options: Omit<SmallFileOptions, 'maxBytes'>,
): Promise<string | undefined> {
  const card = voice.files.find(({ role }) => role === 'card')
  const bytes = card && (await readSmallFile(source, card.path, { ...options, maxBytes: maxCardBytes }))
  return bytes && new TextDecoder().decode(bytes)
}

/**
 * The licence in a model card, in its usual short form: `CC BY-NC-SA 4.0`, `CC0`, `Apache-2.0`. Others are returned as
 * written, at most 200 characters; in "See URL" the word is replaced by the card's URL. `undefined` if the card has
 * none. Cards are Markdown in several forms: `* License: CC0`, a heading "License" with a line below it, or the YAML
 * front matter of Hugging Face.
 */
export function licenceOf(card: string): string | undefined {
  const written = licenceLine(card)
  if (written === undefined) return undefined
  if (/^see (?:the )?url\b/i.test(written)) {
    const address = lineOf(card, 'url')
    return address === undefined ? written : `See ${address}`
  }
  return creativeCommons(written) ?? wellKnownLicence(written) ?? written.slice(0, maxLicenceLength)
}

const maxLicenceLength = 200

function licenceLine(card: string): string | undefined {
  return lineOf(card, 'licen[cs]e') ?? inPlainText(/^#+ *licen[cs]e[ \t]*\r?\n\s*(\S.*)$/im.exec(card)?.[1])
}

/** The text after `* Name:` or `**Name:**`. */
function lineOf(card: string, name: string): string | undefined {
  const line = new RegExp(`^[ \\t]*(?:[*-][ \\t]+)?(?:\\*\\*)?${name}:(?:\\*\\*)?[ \\t]*(\\S.*)$`, 'im')
  return inPlainText(line.exec(card)?.[1])
}

/** Replaces Markdown links by their text. */
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

const wellKnownLicences: readonly (readonly [RegExp, string])[] = [
  [/\bapache\b.*2\.0/i, 'Apache-2.0'],
  [/\bagpl-?v?3/i, 'AGPL-3.0'],
  [/^mit\b/i, 'MIT'],
  [/\bunlicense\b/i, 'Unlicense'],
  [/^public domain\b/i, 'Public domain'],
]

function wellKnownLicence(written: string): string | undefined {
  return wellKnownLicences.find(([pattern]) => pattern.test(written))?.[1]
}
