import type { BookLexicon } from '../novel/lexicon-entry.ts'
import type { Block } from '../novel/novel.ts'
import { annotate, stripAnnotations } from '../novel/pronunciation-annotations.ts'
import type { Edit, PlainSegment, Segment } from '../novel/segment.ts'
import { type FoldedText, type LexiconMatch, LexiconMatcher } from './lexicon-matcher.ts'
import { endingsOf } from './word-endings.ts'

/** Segments as they are without the lexicon. Those that it does not change are the same objects. */
export function plainSegments(segments: readonly Segment[]): readonly Segment[] {
  return segments.some(({ plain }) => plain) ? segments.map(plainSegment) : segments
}

function plainSegment(segment: Segment): Segment {
  const { plain, ...rest } = segment
  return plain ? { ...rest, ...plain } : segment
}

/** Has segments of a chapter said as a lexicon has it, whatever it was before; those without its words stay as they are. */
export class LexiconApplication {
  readonly #matcher: LexiconMatcher
  readonly #language: string

  constructor(lexicon: BookLexicon) {
    this.#matcher = new LexiconMatcher(lexicon)
    this.#language = lexicon.language
  }

  /** Whether it says anything of these blocks otherwise. */
  concerns(blocks: readonly Block[]): boolean {
    return !this.#matcher.isEmpty && blocks.some((block) => this.#matcher.occursIn(this.#textOf(block)))
  }

  apply(blocks: readonly Block[], segments: readonly Segment[]): readonly Segment[] {
    const plain = plainSegments(segments)
    if (this.#matcher.isEmpty) return plain
    const texts = new Map<number, FoldedText | undefined>()
    return plain.map((segment) => {
      const { block: index } = segment
      if (!texts.has(index)) {
        const block = blocks[index]
        texts.set(index, block && this.#textOf(block))
      }
      const text = texts.get(index)
      if (!text) return segment
      const matches = this.#matcher.matches(text, segment.start, segment.end)
      if (matches.length === 0) return segment
      const { spoken, edits } = said(segment, matches, text)
      if (spoken === segment.spoken) return segment
      return { ...segment, spoken, edits, plain: { spoken: segment.spoken, edits: segment.edits } }
    })
  }

  #textOf({ text, lang = this.#language }: Block): FoldedText {
    return this.#matcher.text(text, lang)
  }
}

/** What is spoken of a plain segment with what an entry says at each match; one that cuts through an edit is left out. */
function said(
  { start: first, spoken: text, edits }: Segment,
  matches: readonly LexiconMatch[],
  source: FoldedText,
): PlainSegment {
  const made: Edit[] = []
  let spoken = ''
  /** Up to where the source, the plain spoken text and the edits are done. */
  let [done, doneSpoken, next] = [0, 0, 0]
  const copyTo = (end: number): void => {
    while (next < edits.length && edits[next]![1] <= end) {
      const [editStart, editEnd, from, to] = edits[next++]!
      const shift = spoken.length - doneSpoken
      made.push([editStart, editEnd, from + shift, to + shift])
      spoken += text.slice(doneSpoken, to)
      ;[done, doneSpoken] = [editEnd, to]
    }
    spoken += text.slice(doneSpoken, doneSpoken + end - done)
    ;[done, doneSpoken] = [end, doneSpoken + end - done]
  }
  for (const match of matches) {
    const [start, end] = [match.start - first, match.end - first]
    const inside = edits.filter(
      ([from, to]) => (from < end && to > start) || (from === to && from > start && from < end),
    )
    if (inside.some(([from, to]) => from < start || to > end)) continue
    copyTo(start)
    const spokenEnd = inside.length === 0 ? doneSpoken + end - start : spokenAt(inside.at(-1)!, end)
    const replaced = replacement(match, stripAnnotations(text.slice(doneSpoken, spokenEnd)), source)
    next += inside.length
    made.push([start, end, spoken.length, spoken.length + replaced.length])
    spoken += replaced
    ;[done, doneSpoken] = [end, spokenEnd]
  }
  for (; next < edits.length;) copyTo(edits[next]![1])
  return { spoken: spoken + text.slice(doneSpoken), edits: made }
}

/** Where the source's `place`, at or behind an edit, is in the spoken text. */
function spokenAt([, editEnd, , to]: Edit, place: number): number {
  return to + place - editEnd
}

function replacement(
  { entry: { words, ipa = '' }, stemEnd, end }: LexiconMatch,
  plain: string,
  { text, folded, code }: FoldedText,
): string {
  if (words !== undefined) return words + text.slice(stemEnd, end)
  const ending = endingsOf(code).find(({ written }) => written === folded.slice(stemEnd, end))
  const sound = ending?.sound?.(ipa) ?? ''
  const [sounds, written] = [(ipa + sound).split(' '), plain.split(/\s+/)]
  // Word by word, so that each has its own time.
  return sounds.length === written.length
    ? written.map((word, at) => annotate(word, sounds[at]!)).join(' ')
    : annotate(plain, sounds.join(' '))
}
