import type { Voice } from '../../src/http/contract/voice-contract.ts'

export interface Speaker {
  /** The voice that it is: `piper:en_US-libritts_r-medium:12`. */
  readonly id: string
  readonly name: string
  readonly number: number
}

/** The speakers of a model whose name holds what is searched, or whose number it is; that one first. */
export function findSpeakers({ id, speakers = [] }: Voice, search: string): Speaker[] {
  const wanted = search.trim().toLowerCase()
  const found = speakers
    .map((name, number) => ({ id: `${id}:${number}`, name, number }))
    .filter(({ name, number }) => name.toLowerCase().includes(wanted) || String(number) === wanted)
  return found.toSorted((a, b) => Number(String(b.number) === wanted) - Number(String(a.number) === wanted))
}
