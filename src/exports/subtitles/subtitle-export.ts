import { framesToSeconds } from '../../novel/clip.ts'
import { sourceRange } from '../../novel/segment.ts'
import { openingSilenceSeconds } from '../../playback/chapter-timeline.ts'
import {
  type CountsHealth,
  type Rendition,
  type Renditions,
  requireComplete,
} from '../../playback/renditions.ts'
import { chapterText, segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { clipLengths, clipWordTimes } from '../../storage/queries/clip-queries.ts'
import { type ChapterSelection, requireReady } from '../chapter-selection.ts'
import { type Cue, cuesOf, formatSubrip, formatWebvtt, webvttHeader } from './subtitle-cues.ts'

/** `vtt-words`: WebVTT with a timestamp per word, where the engine reported word times. */
export type SubtitleFormat = 'vtt' | 'vtt-words' | 'srt'

/** The subtitles of a complete chapter. Throws `audio.none`, `audio.unfinished`, `storage.salvaging`. */
export async function chapterSubtitles(
  context: Renditions & CountsHealth,
  rendition: Rendition,
  form: SubtitleFormat,
): Promise<string> {
  requireComplete(context, rendition)
  return formatCues(await chapterCues(context, rendition, 0), form, 1)
}

/**
 * The subtitles of all ready chapters on the time axis of the M4B with the same chapters; yields one chapter at a time.
 * Throws `book.unfinished`, `audio.none`.
 */
export function bookSubtitles(
  context: Renditions & CountsHealth,
  chapters: ChapterSelection,
  form: SubtitleFormat,
): AsyncGenerator<string> {
  requireReady(chapters)
  return subtitlesByChapter(context, chapters.ready, form)
}

async function* subtitlesByChapter(
  context: Renditions & CountsHealth,
  spoken: readonly Rendition[],
  form: SubtitleFormat,
): AsyncGenerator<string> {
  let [frames, count] = [0, 0]
  for (const rendition of spoken) {
    const cues = await chapterCues(context, rendition, frames)
    yield formatCues(cues, form, count + 1)
    frames += rendition.counts.frames
    count += cues.length
  }
}

/** `first`: the number of the first cue; 1 also writes the file header. */
function formatCues(cues: readonly Cue[], form: SubtitleFormat, first: number): string {
  if (form === 'srt') return formatSubrip(cues, first)
  return (first === 1 ? webvttHeader : '') + formatWebvtt(cues, { words: form === 'vtt-words' })
}

/** `before`: AAC frames that precede the chapter. */
async function chapterCues(
  { db }: Pick<Renditions, 'db'>,
  rendition: Rendition,
  before: number,
): Promise<Cue[]> {
  const { chapter, casting } = rendition
  const { blocks } = await chapterText(db, chapter.id)
  const segments = await segmentsOf(db, chapter.id)
  const lengths = await clipLengths(db, chapter.id, casting)
  const wordTimes = await clipWordTimes(db, chapter.id, casting)
  const silence = await openingSilenceSeconds(db, rendition, segments[0])
  let frames = before
  return segments.flatMap((segment, index) => {
    const from = framesToSeconds(frames)
    frames += lengths[index] ?? 0
    const words = (wordTimes.get(index) ?? []).map((word) => {
      const { start, end } = sourceRange(segment, word.start, word.end)
      return {
        start: start - segment.start,
        end: end - segment.start,
        from: from + word.from,
        to: from + word.to,
      }
    })
    const text = blocks[segment.block]?.text.slice(segment.start, segment.end) ?? ''
    const speechStart = index === 0 ? from + silence : from
    return cuesOf({ text, from: speechStart, to: framesToSeconds(frames), words })
  })
}
