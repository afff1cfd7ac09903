import { join, parse } from 'node:path'
import type { FailureAnswer } from '../http/contract/field-contract.ts'
import type { Novel } from '../http/contract/novel-contract.ts'
import type { ExportForm } from '../http/contract/export-contract.ts'
import { withQuery } from '../http/protocol/public-urls.ts'
import { formatChapters, parseChapters } from '../novel/chapter-range.ts'
import { Failure } from '../novel/failure.ts'
import { fileName, partName } from '../novel/file-name.ts'
import { ApiClient, ApiError, type CliContext } from './api-client.ts'
import { downloadFile, streamToStdout } from './file-download.ts'
import { ProgressLine } from './progress-line.ts'

export interface ExportOptions extends PartOptions {
  readonly format?: string | undefined
  readonly out?: string | undefined
  readonly voice?: string | undefined
  readonly speed?: string | undefined
}

/**
 * Exports a novel to one file, to several of a limited size, or with `--out -` to standard output. A second run resumes
 * an interrupted download.
 */
export async function exportNovel(
  context: CliContext,
  name: string,
  options: ExportOptions,
): Promise<number> {
  const toStream = options.out === '-'
  if (toStream && process.stdout.isTTY) {
    console.error(
      'This would fill the terminal with sound. Send it to a file: nightjar export … --out - > book',
    )
    return 2
  }
  const part = partQuery(options)
  const divided = options['part-size'] !== undefined
  if (toStream && divided) {
    const detail = '--part-size makes several files, and standard output is one; leave one of them out'
    throw new Failure('request.invalid', { detail })
  }
  await using client = await ApiClient.connect(context, { work: false })
  const novel = await findNovel(client, name)
  const form = await findExportForm(client, novel, options.format ?? 'm4b', options)
  if (form.form !== 'm4b' && Object.values(part).some((value) => value !== undefined)) {
    const detail = `${form.form} is of the whole novel; parts and chapters can be chosen only of m4b`
    throw new Failure('request.invalid', { detail })
  }
  const address = withQuery(form.address, part)
  if (toStream) {
    return (await streamToStdout(client, address)) ? 0 : sigpipeExitCode
  }
  const target = options.out ?? `${fileName(novel.title)}.${extensionOf(form)}`
  const files = divided ? await listParts(client, address, target) : [{ address, target }]
  for (const file of files) {
    await downloadWithProgress(client, file.address, file.target)
    console.log(file.target)
  }
  const { chaptersReady, chaptersTotal } = form
  if (chaptersReady < chaptersTotal && options.chapters === undefined) {
    console.error(
      `${chaptersReady} of ${chaptersTotal} chapters are spoken; the same command fetches more later.`,
    )
  }
  return 0
}

export async function downloadWithProgress(
  client: ApiClient,
  address: string,
  target: string,
): Promise<void> {
  const bar = new ProgressLine()
  try {
    await downloadFile(client, address, target, bar)
  } finally {
    bar.end()
  }
}

/** Finds a novel by id, title, or words of its title. Throws `novel.unknown`; `request.invalid` if several match. */
async function findNovel(client: ApiClient, name: string): Promise<Novel> {
  const found: Novel[] = []
  for (let offset = 0; ; offset += pageSize) {
    const { novels } = await client.get<{ novels: Novel[] }>(`/api/novels?limit=${pageSize}&offset=${offset}`)
    found.push(...novels)
    if (novels.length < pageSize) break
  }
  const wanted = name.toLocaleLowerCase()
  const words = wanted.split(/\s+/).filter((word) => word !== '')
  const whole = found.filter(({ id, title }) => id === wanted || title.toLocaleLowerCase() === wanted)
  const some = found.filter(({ title }) => words.every((word) => title.toLocaleLowerCase().includes(word)))
  const [first, ...others] = whole.length > 0 ? whole : words.length > 0 ? some : []
  if (!first) throw new Failure('novel.unknown', { novelId: name })
  if (others.length === 0) return first
  const titles = [first, ...others].map(({ id, title }) => `${title} (${id})`).join(', ')
  throw new Failure('request.invalid', { detail: `several novels are called ${name}: ${titles}` })
}

const pageSize = 500

/** 128 plus the number of SIGPIPE, as shells report a program whose reader closed the pipe. */
const sigpipeExitCode = 141

/** Throws `request.invalid` for an unknown format, or one that is not a single file. */
async function findExportForm(
  client: ApiClient,
  novel: Novel,
  name: string,
  { voice, speed }: ExportOptions,
): Promise<ExportForm> {
  const { exports } = await client.get<{ exports: ExportForm[] }>(
    withQuery(`/api/novels/${novel.id}/exports`, { voice, speed }),
  )
  const files = exports.filter(({ address }) => !address.includes('{'))
  const found = files.find(({ form }) => form === name.toLowerCase())
  if (found) return found
  const forms = files.map(({ form }) => form).join(', ')
  throw new Failure('request.invalid', { detail: `there is no format ${name}; choose one of: ${forms}` })
}

/** `mp3.zip` of `/api/novels/…/book.mp3.zip?…`. */
function extensionOf({ address }: ExportForm): string {
  return new URL(address, 'http://localhost').pathname.replace(/^.*\/book\./, '')
}

/** Options that select a part of the novel; left out: all of it. */
interface PartOptions {
  readonly part?: string | undefined
  readonly 'part-size'?: string | undefined
  readonly 'book-part'?: string | undefined
  readonly chapters?: string | undefined
}

type Query = Readonly<Record<string, string | undefined>>

/** The query parameters for these options. With `maxBytes`, `part` must be added. Throws `request.invalid`. */
function partQuery(options: PartOptions): Query {
  const { part, 'part-size': size, 'book-part': bookPart, chapters } = options
  if (part !== undefined && size !== undefined) {
    throw new Failure('request.invalid', {
      detail: '--part and --part-size are two ways to divide a novel; choose one of them',
    })
  }
  return {
    ...(part !== undefined && parsePart(part)),
    ...(size !== undefined && { maxBytes: String(parseByteSize(size)) }),
    bookPart,
    ...(chapters !== undefined && { chapters: formatChapters(parseChapters(chapters)) }),
  }
}

/** `2/4`. */
function parsePart(text: string): Query {
  const [, part, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text.trim()) ?? []
  if (part !== undefined && of !== undefined) return { part, of }
  throw new Failure('request.invalid', { detail: `"${text}" is no part; write the second of four as 2/4` })
}

const byteUnits: Readonly<Record<string, number>> = {
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
}

/** Bytes of `500MB`, `1.5 GB` or `700MiB`. Throws `request.invalid`. */
export function parseByteSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?) ?([kmg]i?b)$/i.exec(text.trim()) ?? []
  const bytes = Math.floor(Number(number) * (byteUnits[unit.toLowerCase()] ?? 0))
  if (bytes >= 1) return bytes
  throw new Failure('request.invalid', { detail: `"${text}" is no size; write it as 500MB or 1.5GB` })
}

/** A file to be downloaded. */
interface PartDownload {
  readonly address: string
  readonly target: string
}

/**
 * The parts of an export, named `Book (1 of 3).m4b` for the target `Book.m4b`, which is kept if there is only one. All
 * have the chapters that are ready now: their addresses come from the server's `rel="last"` link. Throws `ApiError`.
 */
async function listParts(client: ApiClient, address: string, target: string): Promise<PartDownload[]> {
  const response = await client.fetch(withQuery(address, { part: '1' }), { headers: { range: 'bytes=0-0' } })
  if (!response.ok) throw new ApiError(response.status, (await response.json()) as FailureAnswer)
  await response.body?.cancel()
  const [, link] = /<([^>]*)>; rel="last"/.exec(response.headers.get('link') ?? '') ?? []
  if (link === undefined) throw new Error('the response has no rel="last" link')
  const last = new URL(link, client.address)
  const of = Number(last.searchParams.get('part'))
  const { dir, name, ext } = parse(target)
  return Array.from({ length: of }, (_, at) => {
    const number = at + 1
    last.searchParams.set('part', String(number))
    const file = of === 1 ? target : join(dir, `${partName(name, { number, of })}${ext}`)
    return { address: `${last.pathname}${last.search}`, target: file }
  })
}
