import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { keys } from '../keys.ts'
import { type Uploaded, upload } from './upload.ts'

export type UploadState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly share: number }
  | { readonly kind: 'done'; readonly result: Uploaded }
  | { readonly kind: 'refused'; readonly error: unknown }

export interface UploadItem {
  readonly id: number
  readonly name: string
  readonly file: File
  readonly state: UploadState
}

/** Books on their way in, one after the other. */
export function useUploads() {
  const [items, setItems] = useState<readonly UploadItem[]>([])
  const line = useRef<Promise<void>>(Promise.resolve())
  const nextId = useRef(0)
  const client = useQueryClient()
  useStay(items.some(({ state }) => state.kind === 'waiting' || state.kind === 'sending'))

  const send = useCallback(
    (id: number, file: File) => {
      const set = (state: UploadState): void =>
        setItems((now) => now.map((item) => (item.id === id ? { ...item, state } : item)))
      set({ kind: 'waiting' })
      line.current = inTurn(line.current)
      async function inTurn(before: Promise<void>): Promise<void> {
        await before
        set({ kind: 'sending', share: 0 })
        try {
          const result = await upload(file, (share) => set({ kind: 'sending', share }))
          set({ kind: 'done', result })
          await client.invalidateQueries({ queryKey: keys.novels })
        } catch (error) {
          set({ kind: 'refused', error })
        }
      }
    },
    [client],
  )
  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const id = nextId.current++
        setItems((now) => [...now, { id, name: file.name, file, state: { kind: 'waiting' } }])
        send(id, file)
      }
    },
    [send],
  )
  const again = (id: number): void => {
    const item = items.find((each) => each.id === id)
    if (item) send(id, item.file)
  }
  const dismiss = (...ids: number[]): void => setItems((now) => now.filter(({ id }) => !ids.includes(id)))
  return { items, add, again, dismiss }
}

/** The browser asks before a page is closed that is still sending a book. */
function useStay(sending: boolean): void {
  useEffect(() => {
    if (!sending) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [sending])
}
