import { groupLines, layoutOf } from '../../importer/lines/line-groups.ts'
import { blocksOfGroup, hyphenRule } from '../../importer/lines/text-blocks.ts'
import type { Segment } from '../../novel/segment.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'

export type Sentence = Pick<Segment, 'spoken' | 'pause'>

/**
 * Splits plain text into spoken sentences with the importer, segmenter and pronunciation rules of a novel in this
 * language. Lazy by paragraph, so that the first sentence of a long text is available at once.
 */
export function* sentencesOf(text: string, language: string, lexicon = readLexicon()): Generator<Sentence> {
  const lines = text.normalize('NFC').split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
  const layout = layoutOf(lines)
  const hyphens = hyphenRule(layout.wrapped ? lines : [])
  const blocks = groupLines(lines, layout).flatMap((group) => blocksOfGroup(lines, group, layout, hyphens))
  for (const [at, { kind, text: own, readings }] of blocks.entries()) {
    const segmented = segmentChapter({ blocks: [{ kind, text: own, readings }], skips: [] }, language)
    const { segments } = pronounceChapter(segmented, language, lexicon)
    const after = pauseBefore(blocks[at + 1])
    for (const { spoken, pause } of segments.slice(0, -1)) yield { spoken, pause }
    const last = segments.at(-1)
    if (last) yield { spoken: last.spoken, pause: after }
  }
}

/** The text ends with a sentence pause, because clients that send a text sentence by sentence join the results. */
function pauseBefore(next: { readonly kind: string } | undefined): Sentence['pause'] {
  if (next === undefined) return 'sentence'
  return next.kind === 'scene-break' ? 'section' : 'paragraph'
}
