import { isFinished } from '../novel/heard.ts'
import { typicalPace } from '../novel/speech-length.ts'

/** A chapter, as far as its length is known. */
export interface MeasuredChapter {
  readonly number: number
  readonly narrated: boolean
  readonly characters: number
  readonly segmentCount: number
  readonly segmentsHeard: number
  /** Once all of it is spoken. */
  readonly seconds: number | undefined
}

export interface TimeLeft {
  /** Where listening goes on. */
  readonly chapterNumber: number
  /** Of that chapter, at speed 1 of the player. */
  readonly chapterSeconds: number
  /** Of it and of the narrated ones after it. */
  readonly seconds: number
  /** Whether some of it is not spoken yet, and counted by its characters. */
  readonly about: boolean
  /** Characters a second by which what is not spoken counts. */
  readonly pace: number
}

/**
 * What is left to hear of a novel from where its listener is: else from its first chapter that was not heard; `undefined` if
 * there is nothing. What is not spoken counts by its characters, at the pace of what is, else at the language's.
 */
export function timeLeft(
  chapters: readonly MeasuredChapter[],
  position: { readonly chapterNumber: number; readonly seconds: number } | undefined,
  { language, speed }: { readonly language: string; readonly speed: number },
): TimeLeft | undefined {
  const narrated = chapters.filter((each) => each.narrated && each.segmentCount > 0)
  const unheard = narrated.filter((each) => !isFinished(each.segmentsHeard, each.segmentCount))
  if (unheard.length === 0) return undefined
  const left = chapters.find(
    ({ number, segmentCount }) => number === position?.chapterNumber && segmentCount > 0,
  )
  const current = left ?? unheard[0]!
  const pace = paceOf(chapters) ?? typicalPace(language) * speed
  const lengthOf = (chapter: MeasuredChapter): number => chapter.seconds ?? chapter.characters / pace
  const chapterSeconds = Math.max(0, lengthOf(current) - (left ? (position?.seconds ?? 0) : 0))
  const after = narrated.filter(({ number }) => number > current.number)
  return {
    chapterNumber: current.number,
    chapterSeconds,
    seconds: after.reduce((sum, each) => sum + lengthOf(each), chapterSeconds),
    about: [current, ...after].some(({ seconds }) => seconds === undefined),
    pace,
  }
}

/** Characters a second in what is spoken. */
function paceOf(chapters: readonly MeasuredChapter[]): number | undefined {
  let [characters, seconds] = [0, 0]
  for (const each of chapters) {
    if (each.seconds === undefined || each.characters === 0) continue
    characters += each.characters
    seconds += each.seconds
  }
  return seconds > 0 ? characters / seconds : undefined
}
