import { hyphenRule } from '../importer/line-hyphens.ts'
import { blocksOfGroup } from '../importer/text-blocks.ts'
import { groupLines, layoutOf } from '../importer/text-groups.ts'
import type { Segment } from '../novel/segment.ts'
import { readLexicon } from '../pronunciation/lexicon.ts'
import { pronounceChapter } from '../pronunciation/pronounce.ts'
import { segmentChapter } from '../segmenter/segmenter.ts'

export type Sentence = Pick<Segment, 'spoken' | 'pause'>

/**
 * What is spoken of a text that somebody sends, an utterance at a time, with the rules of a novel of this language. The
 * next paragraph is cut when it is asked for: nobody waits for the end of a long text to hear its beginning.
 */
export function* sentencesOf(text: string, language: string, lexicon = readLexicon()): Generator<Sentence> {
  const lines = text.normalize('NFC').split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
  const layout = layoutOf(lines)
  const hyphens = hyphenRule(layout.wrapped ? lines : [])
  const blocks = groupLines(lines, layout).flatMap((group) => blocksOfGroup(lines, group, layout, hyphens))
  for (const [at, block] of blocks.entries()) {
    const cut = segmentChapter({ blocks: [block], skips: [] }, language)
    const { segments } = pronounceChapter(cut, language, lexicon)
    const after = pauseBefore(blocks[at + 1])
    for (const { spoken, pause } of segments.slice(0, -1)) yield { spoken, pause }
    const last = segments.at(-1)
    if (last) yield { spoken: last.spoken, pause: after }
  }
}

/** At the very end a sentence's pause is enough: whoever sends a text sentence by sentence joins them. */
function pauseBefore(next: { readonly kind: string } | undefined): Sentence['pause'] {
  if (next === undefined) return 'sentence'
  return next.kind === 'scene-break' ? 'section' : 'paragraph'
}
