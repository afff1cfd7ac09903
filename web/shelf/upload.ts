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

/** Sends a book. `onProgress` gets shares, 0–1. Rejects with `AnswerError`. */
export async function upload(file: File, onProgress: (share: number) => void): Promise<Uploaded> {
  const form = new FormData()
  form.append('file', file)
  const { answer, status } = await sendForm(addresses.novels, form, onProgress)
  return { ...(answer as Omit<Uploaded, 'known'>), known: status === 200 }
}
