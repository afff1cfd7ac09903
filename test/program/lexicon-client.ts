import { expect } from 'vitest'
import type {
  LexiconEntryView,
  LexiconView,
  WantedEntriesBody,
} from '../../src/http/contract/lexicon-contract.ts'
import { bytesToHash } from '../../src/storage/queries/column-values.ts'
import type { Api } from './api-client.ts'
import type { startApplication } from './in-process-application.ts'
import { waitUntil } from './wait-until.ts'

type Here = Awaited<ReturnType<typeof startApplication>>

/** The lexicon of a novel, through the API. */
export class LexiconOf {
  readonly api: Api
  readonly path: string

  constructor(api: Api, novelId: string) {
    this.api = api
    this.path = `/api/novels/${novelId}/lexicon`
  }

  async view(): Promise<LexiconView> {
    return (await this.api.json<{ lexicon: LexiconView }>(this.path)).lexicon
  }

  async entries(scope = 'novel'): Promise<LexiconEntryView[]> {
    return (await this.view()).scopes.find((one) => one.scope === scope)?.entries ?? []
  }

  put(body: Partial<WantedEntriesBody>): Promise<Response> {
    return this.api.post(`${this.path}/entries`, { scope: 'novel', ...body })
  }

  revert(direction: 'undo' | 'redo', scope = 'novel'): Promise<Response> {
    return this.api.post(`${this.path}/${direction}`, { scope })
  }

  async settled(): Promise<LexiconView> {
    await waitUntil(async () => (await this.view()).state !== 'waiting')
    return this.view()
  }
}

/** `RECIPE/TEXT` of each clip that is stored. */
export async function clipKeys({ application }: Here): Promise<string[]> {
  const rows = await application.db.selectFrom('clips.clips').select(['recipe', 'words']).execute()
  return rows.map(({ recipe, words }) => `${bytesToHash(recipe)}/${bytesToHash(words)}`).sort()
}

/** A chapter as the engine `odd:hum` has spoken it. */
export async function audioOf({ api }: Here, novelId: string, chapter: number): Promise<Buffer> {
  const path = `/api/novels/${novelId}/chapters/${chapter}/audio.m4a?voice=odd:hum`
  const response = await api.fetch(path)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}
