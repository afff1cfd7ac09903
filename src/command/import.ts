import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import type { ChapterListed, Novel } from '../http/contract.ts'
import { Failure } from '../novel/failure.ts'
import { ApiClient, type CliContext, ApiError } from './client.ts'

export interface ImportedBook {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

/** Puts files on the shelf, one after the other; says of each what was found. */
export async function importBooks(line: CliContext, files: readonly string[]): Promise<number> {
  await using client = await ApiClient.connect(line, { work: false })
  let failed = 0
  for (const file of files) {
    try {
      const { novel, chapters } = await uploadBook(client, file)
      const { report } = novel
      console.log(`${novel.title} by ${novel.author || 'nobody named'} (${novel.language})`)
      const narrated = chapters.filter((chapter) => chapter.narrated).length
      console.log(
        `  ${chapters.length} chapters by ${report.evidence}, ${narrated} to be narrated, ${report.characters} characters`,
      )
      for (const remark of report.remarks) console.log(`  ${remark}`)
      console.log(`  ${novel.id}`)
    } catch (error) {
      if (!(error instanceof Failure || error instanceof ApiError)) throw error
      failed++
      console.error(error.message)
    }
  }
  return failed > 0 ? 1 : 0
}

/** Throws `novel.unreadable` if there is no such file; `Refused` if it is no book. */
export async function uploadBook(client: ApiClient, file: string): Promise<ImportedBook> {
  const form = new FormData()
  try {
    form.append('file', await openAsBlob(file), basename(file))
  } catch (cause) {
    throw new Failure('novel.unreadable', { file, detail: 'there is no such file' }, { cause })
  }
  return client.post<ImportedBook>('/api/novels', form)
}
