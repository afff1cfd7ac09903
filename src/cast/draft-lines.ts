import { type Basis, nameKey } from '../novel/cast.ts'
import type { Span } from './dialogue.ts'

/** A paragraph with what is said in it. */
export interface Paragraph {
  readonly block: number
  readonly lines: DraftLine[]
  /** Nothing but speech. */
  readonly pure: boolean
  /** Its speakers are told by somebody whom the pronoun does not tell. */
  readonly unresolved: boolean
}

export interface DraftLine {
  readonly span: Span
  readonly text: string
  speaker?: string
  self?: true
  basis?: Basis
}

const selfName = '\u0000'

export function speakerKey({ speaker, self }: Pick<DraftLine, 'speaker' | 'self'>): string | undefined {
  if (self) return selfName
  return speaker === undefined ? undefined : nameKey(speaker)
}

export function copySpeaker(from: DraftLine, to: DraftLine, basis: Basis = 'continued'): void {
  if (from.self) Object.assign(to, { self: true, basis })
  else Object.assign(to, { speaker: from.speaker, basis })
}
