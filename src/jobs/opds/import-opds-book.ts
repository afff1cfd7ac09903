import { Failure } from '../../novel/failure.ts'
import type { OpdsOutcome } from '../../novel/opds-source.ts'
import { type OpdsFetch, setOpdsFetchBytes } from '../../storage/queries/opds-fetch-queries.ts'
import { opdsSourceById } from '../../storage/queries/opds-queries.ts'
import type { Application } from '../application.ts'
import { importNovel } from '../import/novel-commands.ts'
import type { TrashParts } from '../import/novel-trash.ts'
import { settleImport } from '../import/settle-import.ts'
import { receiveOpdsBook } from './opds-book-file.ts'
import { endingOf } from './opds-page.ts'

type ImportParts = TrashParts & Pick<Application, 'folder' | 'lock' | 'objects'>

interface ImportOptions {
  /** Bytes that a book may have. */
  readonly uploadLimit: number
  /** Called with the bytes that have come. */
  readonly report: (bytes: number) => void
  readonly signal: AbortSignal
}

/**
 * Fetches a book of a catalogue and imports it as any other file. Throws `opds.unknown`, what `receiveOpdsBook` and
 * `importNovel` throw, and the signal's reason.
 */
export async function importOpdsBook(
  parts: ImportParts,
  asked: OpdsFetch,
  { uploadLimit, report, signal }: ImportOptions,
): Promise<{ readonly novelId: string; readonly outcome: OpdsOutcome }> {
  const { db, folder } = parts
  const source = await opdsSourceById(db, asked.source)
  if (!source) throw new Failure('opds.unknown', { id: asked.source })
  await using file = await receiveOpdsBook(source, asked, {
    folder,
    uploadLimit,
    onLength: (bytes) => setOpdsFetchBytes(db, asked.id, bytes ?? null),
    onBytes: report,
    signal,
  })
  const imported = await importNovel(parts, file, fileNameOf(asked), signal, {
    amend: (head) => (head.author === '' ? { ...head, author: asked.author } : head),
  })
  await settleImport(parts, imported)
  const { id: novelId, createdAt } = imported.novel
  // What a kill has kept from being told was added as well.
  if (imported.added || (!imported.version && createdAt > asked.createdAt))
    return { novelId, outcome: 'added' }
  return { novelId, outcome: imported.version ? 'version' : 'present' }
}

/** Formats without a title of their own are named by the file. */
function fileNameOf({ title, type, address }: OpdsFetch): string {
  const name = title
    .replaceAll(/[\p{Cc}/\\:*?"<>|]+/gu, ' ')
    .trim()
    .slice(0, 150)
  return `${name === '' ? 'book' : name}${endingOf(type, address) ?? ''}`
}
