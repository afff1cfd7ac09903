import type { Novel } from '../http/contract.ts'
import type { ExportForm } from '../http/export-contract.ts'
import { withQuery } from '../http/with-query.ts'
import { Failure } from '../novel/failure.ts'
import { ApiClient, type CliContext } from './client.ts'
import { type PartOptions, partQuery } from './export-query.ts'
import { fileName } from '../novel/file-name.ts'
import { ProgressLine } from './progress-bar.ts'
import { downloadFile, streamToStdout } from './save-file.ts'
import { listParts } from './sized-parts.ts'

export interface ExportOptions extends PartOptions {
  readonly format?: string | undefined
  readonly out?: string | undefined
  readonly voice?: string | undefined
  readonly speed?: string | undefined
}

/**
 * Takes a novel along as one file, as several of a size, or as a stream with `--out -`. Run again, it goes on where it
 * was.
 */
export async function exportNovel(line: CliContext, name: string, options: ExportOptions): Promise<number> {
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
  await using client = await ApiClient.connect(line, { work: false })
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

export async function downloadWithProgress(client: ApiClient, address: string, target: string): Promise<void> {
  const bar = new ProgressLine()
  try {
    await downloadFile(client, address, target, bar)
  } finally {
    bar.end()
  }
}

/** By its id, its title, or words that stand in the titles of no other. Throws `novel.unknown`, `request.invalid`. */
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

/** As the shell tells of a program that wrote to a reader that had gone: 128 and the number of SIGPIPE. */
const sigpipeExitCode = 141

/** Throws `request.invalid` for a form that is not, or that is not one file. */
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
