import type { QueryClient } from '@tanstack/react-query'
import type { ImportFileView, ImportView } from '../../src/http/contract/import-batch-contract.ts'
import { mayPass } from '../answer-error.ts'
import { send } from '../api.ts'
import { sendForm } from '../element/send-form.ts'
import { keys } from '../keys.ts'
import { importAddresses } from '../shelf/use-imports.ts'
import { type Pair, pathOf } from './missing-pairs.ts'

/** How a file of an import is on its way from this page. */
export type OnItsWay =
  | { readonly kind: 'queued' }
  | { readonly kind: 'sending'; readonly share: number }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Of one import at most so many, as the server takes. */
const mostFiles = 500
/** A server that starts again is back by then. */
const tries = { count: 20, afterMs: 3000 }

const listeners = new Set<() => void>()
let onTheirWay: ReadonlyMap<string, OnItsWay> = new Map()
/** One file at a time, whatever is chosen meanwhile. */
let line: Promise<void> = Promise.resolve()

/** By the id of a file. For `useSyncExternalStore`. */
export const ways = {
  watch: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  now: (): ReadonlyMap<string, OnItsWay> => onTheirWay,
}

function setWay(id: string, way: OnItsWay | undefined): void {
  const next = new Map(onTheirWay)
  if (way) next.set(id, way)
  else next.delete(id)
  onTheirWay = next
  for (const listener of listeners) listener()
}

/** Begins an import of the files, or several, and sends them; `kept`: for who sends them alone. Rejects if it could not be begun. */
export async function sendBatch(client: QueryClient, files: readonly File[], kept: boolean): Promise<void> {
  const sent: Promise<void>[] = []
  for (let from = 0; from < files.length; from += mostFiles) {
    const some = files.slice(from, from + mostFiles)
    const { import: begun } = await send<{ import: ImportView }>('POST', importAddresses.all, {
      files: some.map((file) => ({ name: pathOf(file).slice(-1024), bytes: file.size })),
      kept,
    })
    sent.push(
      sendFiles(
        client,
        begun.id,
        begun.files.flatMap((row, at) => pairOf(row, some[at])),
      ),
    )
    void client.invalidateQueries({ queryKey: keys.imports })
  }
  await Promise.all(sent)
}

function pairOf({ id }: ImportFileView, file: File | undefined): Pair[] {
  return file ? [{ id, file }] : []
}

/** Sends files of an import, one after the other, when those that are on their way have gone. */
export function sendFiles(client: QueryClient, batch: string, pairs: readonly Pair[]): Promise<void> {
  for (const { id } of pairs) setWay(id, { kind: 'queued' })
  const before = line
  line = inTurn()
  return line
  async function inTurn(): Promise<void> {
    await before
    for (const pair of pairs) {
      await sendOne(batch, pair)
      void client.invalidateQueries({ queryKey: keys.imports })
    }
  }
}

async function sendOne(batch: string, { id, file }: Pair): Promise<void> {
  for (let left = tries.count; ; left--) {
    setWay(id, { kind: 'sending', share: 0 })
    const form = new FormData()
    form.append('file', file)
    try {
      await sendForm(
        importAddresses.file(batch, id),
        form,
        (share) => setWay(id, { kind: 'sending', share }),
        'PUT',
      )
      setWay(id, undefined)
      return
    } catch (error) {
      if (left === 0 || !mayPass(error)) {
        setWay(id, { kind: 'failed', error })
        return
      }
      await new Promise((resolve) => setTimeout(resolve, tries.afterMs))
    }
  }
}
