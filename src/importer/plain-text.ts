import { open } from 'node:fs/promises'
import { Failure } from '../novel/failure.ts'
import { assembleChapters } from './chapter-assembly.ts'
import { findHeadings } from './chapter-headings.ts'
import { decode } from './decode.ts'
import { findGutenbergFrame, type TextRange } from './gutenberg-frame.ts'
import { settleLanguage } from './language-guess.ts'
import { languageTag } from './language-tag.ts'
import type { ImportedFile } from './report.ts'
import { withoutBanner } from './site-banner.ts'
import { textChapters } from './text-chapters.ts'
import { groupLines, layoutOf } from './text-groups.ts'
import { textMetadata } from './text-metadata.ts'

const maxBytes = 64 * 1024 * 1024

/** Reads a plain text. Throws `novel.unreadable` if it is none, `novel.no-text`, `novel.hostile` beyond 64 MB. */
export async function readPlainText(path: string, fileName: string): Promise<ImportedFile> {
  const decoded = decode(await readBytes(path))
  if (decoded === undefined) throw new Failure('novel.unreadable', { detail: 'it is not text' })
  const all = decoded.text.normalize('NFC').split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
  const frame = findGutenbergFrame(all)
  const { lines, banner } =
    frame === undefined ? withoutBanner(all) : { lines: between(all, frame.ranges), banner: [] }
  if (!lines.some((line) => /[\p{L}\p{N}]/u.test(line))) throw new Failure('novel.no-text')

  const { title, author } = textMetadata(lines, frame, fileName)
  const layout = layoutOf(lines)
  const groups = groupLines(lines, layout)
  const found = findHeadings(lines, groups, layout)
  const { drafts, pieces, remarks } = textChapters(lines, groups, layout, found, { title, author })
  const chapters = assembleChapters(pieces, drafts, title)
  if (chapters.length === 0) throw new Failure('novel.no-text')
  const language = settleLanguage(
    frame?.language === undefined ? undefined : languageTag(frame.language),
    chapters,
  )
  return {
    novel: { title, author, language: language.tag, chapters },
    format: 'text',
    evidence: found.evidence,
    encoding: decoded.encoding,
    remarks: [
      ...(frame === undefined ? [] : ['The header and licence of Project Gutenberg were left out.']),
      ...banner.map((line) => `A site’s banner was left out: ${line}`),
      ...(decoded.text.includes('\uFFFD') ? ['Some characters could not be read and show as �.'] : []),
      ...remarks,
      ...language.remarks,
    ],
  }
}

/** The lines that no range holds. */
function between(lines: readonly string[], ranges: readonly TextRange[]): string[] {
  const kept: string[] = []
  let from = 0
  for (const { start, end } of ranges) {
    kept.push(...lines.slice(from, start), '')
    from = end
  }
  return [...kept, ...lines.slice(from)]
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size > maxBytes) throw new Failure('novel.hostile', { detail: 'it holds more than 64 MB of text' })
    return await file.readFile()
  } finally {
    await file.close()
  }
}
