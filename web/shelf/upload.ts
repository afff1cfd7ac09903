import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import type { RecognisedVersion } from '../../src/http/contract/version-contract.ts'
import { addresses } from '../api.ts'
import { sendForm } from '../element/send-form.ts'

export interface Uploaded {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  /** The same file was here before. */
  readonly known: boolean
  /** It was in the trash. */
  readonly restored?: true
  /** It is another version of the novel, which waits to be taken over. */
  readonly version?: RecognisedVersion
  /** Another file of the novel, in which nothing changed. */
  readonly unchanged?: true
}

interface UploadOptions {
  /** Gets shares, 0–1. */
  readonly onProgress?: (share: number) => void
  /** Whoever adds it alone sees it. */
  readonly kept?: boolean
}

/** Sends a book. Rejects with `AnswerError`. */
export async function upload(
  file: File,
  { onProgress = () => undefined, kept = false }: UploadOptions,
): Promise<Uploaded> {
  const form = new FormData()
  form.append('file', file)
  const address = kept ? `${addresses.novels}?kept=true` : addresses.novels
  const { answer, status } = await sendForm(address, form, onProgress)
  return { ...(answer as Omit<Uploaded, 'known'>), known: status === 200 }
}
