import type { ChapterListed, Novel } from '../../src/http/contract.ts'
import { addresses, AnswerError, failureIn, unreachable } from '../api.ts'

export interface Uploaded {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  /** The same file was here before. */
  readonly known: boolean
}

/**
 * Sends a book. By XMLHttpRequest, since fetch cannot tell how much of it has left. `onProgress` gets shares, 0–1.
 * Rejects with `AnswerError`.
 */
export function upload(file: File, onProgress: (share: number) => void): Promise<Uploaded> {
  const { promise, resolve, reject } = Promise.withResolvers<Uploaded>()
  const request = new XMLHttpRequest()
  request.open('POST', addresses.novels)
  request.upload.addEventListener('progress', (event) => {
    if (event.lengthComputable) onProgress(event.loaded / event.total)
  })
  request.addEventListener('load', () => {
    if (request.status !== 200 && request.status !== 201) {
      reject(failureIn(request.responseText, request.status))
      return
    }
    const answer = JSON.parse(request.responseText) as Omit<Uploaded, 'known'>
    resolve({ ...answer, known: request.status === 200 })
  })
  request.addEventListener('error', () => reject(new AnswerError('unreachable', unreachable, 0)))
  const form = new FormData()
  form.append('file', file)
  request.send(form)
  return promise
}
