import { open } from 'node:fs/promises'
import { Failure } from '../novel/failure.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import { type FormatResult, withReport } from './book-format.ts'
import { rejectOversized } from './chapters/long-chapters.ts'

type FormatReader = (path: string, fileName: string) => Promise<FormatResult>

/**
 * Reads a book: an EPUB, or plain text in any common encoding. The format is detected by content; `fileName` (as
 * uploaded) is used only as title of a text without one and in failures. The file is opened for reading only, and
 * closed.
 *
 * Throws `novel.unreadable`, `novel.empty-file`, `novel.no-text`, `novel.encrypted`, `novel.damaged` or
 * `novel.hostile`.
 */
export async function importBook(path: string, fileName: string): Promise<ImportedNovel> {
  try {
    const head = await firstBytes(path)
    if (head.length === 0) throw new Failure('novel.empty-file')
    const read = await formatReader(fileKind(head))
    const file = await read(path, fileName)
    rejectOversized(file.novel.chapters)
    return withReport(file)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.code, { ...error.details, file: fileName }, { cause: error })
  }
}

/** Loads a format's modules on demand: an import takes a second, and loading all of them took a twentieth of it. */
async function formatReader(kind: ReturnType<typeof fileKind>): Promise<FormatReader> {
  return kind === 'zip'
    ? (await import('./epub/epub-format.ts')).readEpub
    : (await import('./text/text-format.ts')).readPlainText
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0))

/** Signatures of formats that are mistaken for books: `[offset, bytes, name]`. */
const foreignFormats: readonly (readonly [offset: number, magic: readonly number[], what: string])[] = [
  [0, ascii('%PDF-'), 'it is a PDF'],
  [60, ascii('BOOKMOBI'), 'it is a Kindle book (MOBI)'],
  [0, ascii('TPZ'), 'it is a Kindle book (Topaz)'],
  [0, [0xea, ...ascii('DRMION')], 'it is a Kindle book (KFX)'],
  [0, [0x89, ...ascii('PNG')], 'it is an image'],
  [0, [0xff, 0xd8, 0xff], 'it is an image'],
  [0, ascii('GIF8'), 'it is an image'],
  [8, ascii('WEBP'), 'it is an image'],
  [0, ascii('AT&TFORM'), 'it is a DjVu scan'],
  [0, ascii('{\\rtf'), 'it is a Rich Text document'],
  [0, [0xd0, 0xcf, 0x11, 0xe0], 'it is an old Word document'],
  [0, ascii('Rar!'), 'it is a RAR archive'],
  [0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'it is a 7-Zip archive'],
  [0, [0x1f, 0x8b], 'it is a gzip archive'],
  [0, ascii('ITSF'), 'it is a compiled help file'],
  [0, ascii('ID3'), 'it is an audio file'],
  [0, ascii('OggS'), 'it is an audio file'],
  [0, ascii('fLaC'), 'it is an audio file'],
  [4, ascii('ftyp'), 'it is an audio or video file'],
  [0, ascii('RIFF'), 'it is an audio or video file'],
  [0, [0x7f, ...ascii('ELF')], 'it is a program'],
  [0, ascii('MZ'), 'it is a program'],
]

const markup: readonly (readonly [RegExp, string])[] = [
  [/<FictionBook\b/i, 'it is an FB2 book'],
  [/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?(?:<!doctype\s+html|<html\b)/i, 'it is a web page'],
]

/**
 * Detects a file's format by its first bytes (a few kilobytes are enough), never by its name. Throws `novel.unreadable`
 * for formats known to be neither zip nor text.
 */
function fileKind(head: Uint8Array): 'zip' | 'text' {
  if (hasMagicAt(head, 0, [0x50, 0x4b, 0x03, 0x04]) || hasMagicAt(head, 0, [0x50, 0x4b, 0x05, 0x06]))
    return 'zip'
  for (const [offset, magic, what] of foreignFormats)
    if (hasMagicAt(head, offset, magic) && (magic.length > 2 || hasBinary(head)))
      throw new Failure('novel.unreadable', { detail: what })
  const start = new TextDecoder('latin1').decode(head.subarray(0, 1024))
  for (const [pattern, what] of markup)
    if (pattern.test(start.replace(/^ï»¿/, ''))) throw new Failure('novel.unreadable', { detail: what })
  return 'text'
}

function hasMagicAt(bytes: Uint8Array, offset: number, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[offset + index] === byte)
}

/** Whether there are control bytes below tab: a two-byte signature proves nothing, a novel may begin with "MZ". */
function hasBinary(head: Uint8Array): boolean {
  return head.some((byte) => byte < 9)
}
