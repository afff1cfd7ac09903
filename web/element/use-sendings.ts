import { useCallback, useEffect, useRef, useState } from 'react'

export type SendingState<Result> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly share: number }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'refused'; readonly error: unknown }

/** Something on its way to the server: a book's file, the files of a voice. */
export interface Sending<Thing, Result> {
  readonly id: number
  readonly name: string
  readonly thing: Thing
  readonly state: SendingState<Result>
}

/** `onProgress` gets shares, 0–1. */
export type Send<Thing, Result> = (thing: Thing, onProgress: (share: number) => void) => Promise<Result>

/** Sends things one after the other, and tells how it goes. `send` must stay the same function. */
export function useSendings<Thing extends { readonly name: string }, Result>(send: Send<Thing, Result>) {
  const [items, setItems] = useState<readonly Sending<Thing, Result>[]>([])
  const line = useRef<Promise<void>>(Promise.resolve())
  const nextId = useRef(0)
  const sending = items.some(({ state }) => state.kind === 'waiting' || state.kind === 'sending')
  useStay(sending)

  const enter = useCallback(
    (id: number, thing: Thing) => {
      const set = (state: SendingState<Result>): void =>
        setItems((now) => now.map((item) => (item.id === id ? { ...item, state } : item)))
      set({ kind: 'waiting' })
      line.current = inTurn(line.current)
      async function inTurn(before: Promise<void>): Promise<void> {
        await before
        set({ kind: 'sending', share: 0 })
        try {
          const result = await send(thing, (share) => set({ kind: 'sending', share }))
          set({ kind: 'done', result })
        } catch (error) {
          set({ kind: 'refused', error })
        }
      }
    },
    [send],
  )
  const add = useCallback(
    (things: Iterable<Thing>) => {
      for (const thing of things) {
        const id = nextId.current++
        setItems((now) => [...now, { id, name: thing.name, thing, state: { kind: 'waiting' } }])
        enter(id, thing)
      }
    },
    [enter],
  )
  const again = (id: number): void => {
    const item = items.find((each) => each.id === id)
    if (item) enter(id, item.thing)
  }
  const dismiss = (...ids: number[]): void => setItems((now) => now.filter(({ id }) => !ids.includes(id)))
  return { items, sending, add, again, dismiss }
}

/** The browser asks before a page is closed that is still sending something. */
export function useStay(sending: boolean): void {
  useEffect(() => {
    if (!sending) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [sending])
}
