import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import type { Progress } from '../../src/http/contract/generation-contract.ts'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { waitUntil } from './wait-until.ts'

export interface AddedNovel {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

/** What was answered. Throws the answer if it is a failure. */
export async function answer<Body>(promise: Promise<Response>): Promise<Body> {
  const response = await promise
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Body
}

/** What a program that speaks to Nightjar would write for itself. */
export class Api {
  address: string

  constructor(address: string) {
    this.address = address
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.address), init)
  }

  async json<T = Record<string, unknown>>(path: string, init?: RequestInit): Promise<T> {
    return (await (await this.fetch(path, init)).json()) as T
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /**
   * Uploads a file from the disk, or bytes under a name. `separate`: as a novel of its own, though a novel has the same text, as
   * those of most tests do.
   */
  async upload(
    file: string | Uint8Array<ArrayBuffer>,
    name = 'book',
    { separate = true }: { readonly separate?: boolean } = {},
  ): Promise<Response> {
    const form = new FormData()
    if (typeof file === 'string') form.append('file', await openAsBlob(file), basename(file))
    else form.append('file', new Blob([file]), name)
    return this.fetch(`/api/novels${separate ? '?separate=true' : ''}`, { method: 'POST', body: form })
  }

  async add(file: string | Uint8Array<ArrayBuffer>, name?: string): Promise<AddedNovel> {
    return answer<AddedNovel>(this.upload(file, name))
  }

  /** Asks for chapters, or for all, and returns the progressId. */
  async generate(novelId: string, chapterNumbers?: readonly number[], more: object = {}): Promise<string> {
    const path = `/api/worker/generate/${chapterNumbers ? 'batch' : 'all'}`
    const response = await this.post(path, { novelId, ...(chapterNumbers && { chapterNumbers }), ...more })
    if (response.status !== 202) throw new Error(await response.text())
    return ((await response.json()) as { progressId: string }).progressId
  }

  async progress(progressId: string): Promise<Progress> {
    const { progress } = await this.json<{ progress: Progress }>(`/api/worker/progress/${progressId}`)
    return progress
  }

  /** Waits until a generation is as wanted. */
  async until(progressId: string, reached: (progress: Progress) => boolean): Promise<Progress> {
    let progress: Progress | undefined
    await waitUntil(
      async () => reached((progress = await this.progress(progressId))),
      () => `with ${String(reached)}, and not ${JSON.stringify(progress)}`,
    )
    return progress as Progress
  }

  finished(progressId: string): Promise<Progress> {
    return this.until(progressId, ({ status }) => ['completed', 'failed', 'cancelled'].includes(status))
  }
}
