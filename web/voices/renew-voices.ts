import type { QueryClient } from '@tanstack/react-query'
import { keys } from '../keys.ts'

/** Asks again for whatever depends on who can speak: the voices, and the novels, which may be read by another now. */
export function renewVoices(client: QueryClient): Promise<unknown> {
  const names = [keys.voices, keys.catalogues, keys.servers, keys.novels, ['novel'], ['chapter']]
  return Promise.all(names.map((queryKey) => client.invalidateQueries({ queryKey })))
}
