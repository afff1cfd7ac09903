import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
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
  readonly state: UploadState
}

/** Books on their way in, one after the other. */
export function useUploads() {
  const [items, setItems] = useState<readonly UploadItem[]>([])
  const line = useRef<Promise<void>>(Promise.resolve())
  const nextId = useRef(0)
  const client = useQueryClient()

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const id = nextId.current++
        const set = (state: UploadState): void =>
          setItems((now) => now.map((item) => (item.id === id ? { ...item, state } : item)))
        setItems((now) => [...now, { id, name: file.name, state: { kind: 'waiting' } }])
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
      }
    },
    [client],
  )
  const dismiss = useCallback((id: number) => setItems((now) => now.filter((item) => item.id !== id)), [])
  return { items, add, dismiss }
}
