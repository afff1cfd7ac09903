import { parentPort, workerData } from 'node:worker_threads'
import { attributeChapter } from '../../cast/attribution.ts'
import { countSpeakers, foundSpeakers, type NameCounts } from '../../cast/cast-proposal.ts'
import { castSegments, type SpokenLine } from '../../cast/cast-segments.ts'
import { linesOfSegments, ownVoices, withOwnVoices } from '../../cast/own-voices.ts'
import { collectEvidence, noEvidence } from '../../cast/name-evidence.ts'
import { LexiconApplication, plainSegments } from '../../lexicon/lexicon-segments.ts'
import { type Cast, type Line, lineAnchor, roleFinder, spokenRole } from '../../novel/cast.ts'
import type { Block } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import { withSegments } from '../../novel/stored-chapter.ts'
import type { CutChapter } from '../import/recut-chapters.ts'
import { speakersOf } from './chapter-speakers.ts'
import type { Analysis, AnalysisTask, CastTask, ChapterToCast, CutTask } from './cast-tasks.ts'

function analyse({ chapters, language }: AnalysisTask): Analysis {
  const evidence = noEvidence()
  for (const { blocks } of chapters) collectEvidence(JSON.parse(blocks) as Block[], language, evidence)
  const counts: NameCounts = new Map()
  const read = chapters.map(({ id, blocks: json }) => {
    const blocks = JSON.parse(json) as Block[]
    const lines = attributeChapter(blocks, language, evidence)
    countSpeakers(lines, counts)
    return {
      chapterId: id,
      lines: JSON.stringify(lines),
      speakers: JSON.stringify(speakersOf(blocks, lines)),
    }
  })
  return { chapters: read, found: foundSpeakers(counts, evidence) }
}

function cut(chapter: ChapterToCast, cast: Cast, lexicon: LexiconApplication): CutChapter | undefined {
  const { text, lines: json } = chapter
  const blocks = JSON.parse(text.blocks) as Block[]
  // What the lexicon says belongs to the pieces: it would be cut through otherwise.
  const whole = plainSegments(JSON.parse(text.segments) as Segment[])
  const roleOf = roleFinder(cast)
  const spoken =
    json === undefined
      ? linesOfSegments(whole, cast)
      : (JSON.parse(json) as Line[]).flatMap((line): SpokenLine[] => {
          const role = spokenRole(cast, roleOf(line, lineAnchor(blocks, line)))
          const { block, start, end } = line
          return role === 0 ? [] : [{ block, start, end, role }]
        })
  const { segments: pieces, runs } = castSegments(whole, withOwnVoices(spoken, ownVoices(cast, blocks)))
  const segments = lexicon.apply(blocks, pieces)
  if (JSON.stringify(segments) === text.segments) return undefined
  return { text: withSegments(chapter, blocks, segments), runs }
}

const task = workerData as CastTask
function cutAll({ cast, lexicon, chapters }: CutTask): (CutChapter | undefined)[] {
  const said = new LexiconApplication(lexicon)
  return chapters.map((chapter) => cut(chapter, cast, said))
}

parentPort?.postMessage(task.kind === 'analyse' ? analyse(task) : cutAll(task))
