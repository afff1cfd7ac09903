import type { BlockFlow } from './block-flow.ts'

/** Readings that a voice can say in place of what they stand over; pinyin and translations are for the eye. */
const kana = /^[\u3040-\u30ff\u31f0-\u31ffー・\s]+$/

export interface RubyReader {
  open(name: 'ruby' | 'rb'): void
  close(name: 'ruby' | 'rb'): void
  /** Takes the text of an `rt` as the reading of the base before it; `false` if it is none, or has no base. */
  read(text: string): boolean
}

/**
 * Pairs the readings of ruby with their bases: each `rt` with the text since the last one, or with the first `rb` that has
 * none yet (`<rb>東</rb><rb>京</rb><rt>とう</rt><rt>きょう</rt>`).
 */
export function rubyReader(flow: BlockFlow): RubyReader {
  let start = 0
  let bases: { start: number; end: number }[] = []
  let inBase = 0
  return {
    open(name) {
      if (name === 'ruby') {
        start = flow.offset()
        bases = []
      } else inBase = flow.offset()
    },
    close(name) {
      if (name === 'rb') bases.push({ start: inBase, end: flow.offset() })
      else bases = []
    },
    read(text) {
      const base = bases.shift() ?? { start, end: flow.offset() }
      start = flow.offset()
      if (!kana.test(text) || base.end <= base.start) return false
      return flow.reading(base.start, base.end, text)
    },
  }
}
