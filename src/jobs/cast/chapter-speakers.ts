import { countKey, type Line } from '../../novel/cast.ts'
import type { Block } from '../../novel/novel.ts'
import type { ChapterSpeakers } from '../../storage/queries/chapter-line-queries.ts'

/** How much of a first line is kept, in characters. */
const sampleLength = 240

/** How often each speaks, with the first line. */
export function speakersOf(blocks: readonly Block[], lines: readonly Line[]): ChapterSpeakers {
  const speakers: Record<string, ChapterSpeakers[string]> = {}
  for (const line of lines) {
    const { block, start, end } = line
    const key = countKey(line)
    const known = speakers[key]
    speakers[key] = known
      ? { ...known, lines: known.lines + 1 }
      : { lines: 1, block, start, end, text: blocks[block]!.text.slice(start, end).slice(0, sampleLength) }
  }
  return speakers
}
