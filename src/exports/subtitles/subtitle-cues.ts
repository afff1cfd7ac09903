import type { WordTime } from '../../novel/clip.ts'
import { captionScreens, type TextSpan } from './caption-lines.ts'

/** What is shown from one moment to another, in seconds. */
export interface Cue {
  readonly from: number
  readonly to: number
  readonly lines: readonly CueLine[]
}

interface CueLine {
  readonly text: string
  /** Where in the line a word begins and when it is heard, both growing. */
  readonly words: readonly { readonly at: number; readonly from: number }[]
}

/** A sentence in the book's own words, and when it is heard. */
export interface TimedSentence {
  readonly text: string
  readonly from: number
  readonly to: number
  /** `start` and `end` into the text; `from` and `to` in the same time as the sentence's. Empty: not known. */
  readonly words: readonly WordTime[]
}

/** What still counts as another moment, in seconds: subtitles tell milliseconds. */
const minimumSeconds = 0.001

/**
 * A sentence as cues of at most two lines. Where it takes several, each begins with its first word; where nobody knows
 * when words are heard, by its share of the sentence.
 */
export function cuesOf({ text, from, to, words }: TimedSentence): Cue[] {
  const screens = captionScreens(text)
  const starts: number[] = []
  screens.forEach((lines, index) => {
    const least = (starts.at(-1) ?? from) + minimumSeconds
    const preferred = index === 0 ? from : startTimeOf(lines[0]!.start, { text, from, to, words })
    starts.push(index === 0 ? from : Math.min(Math.max(preferred, least), to))
  })
  return screens.flatMap((lines, index): Cue[] => {
    const [begin, end] = [starts[index]!, starts[index + 1] ?? to]
    if (end < begin + minimumSeconds) return []
    let last = begin
    const cueLines = lines.map((line) => {
      const marks = wordsIn(line, words).filter((word) => {
        if (word.from < last + minimumSeconds || word.from > end - minimumSeconds) return false
        last = word.from
        return true
      })
      return { text: text.slice(line.start, line.end), words: marks }
    })
    return [{ from: begin, to: end, lines: cueLines }]
  })
}

function startTimeOf(at: number, { text, from, to, words }: TimedSentence): number {
  const first = words.find(({ start }) => start >= at)
  if (first !== undefined) return first.from
  return from + ((to - from) * at) / text.length
}

/** A number may be spoken in several words: the first of them is when it is heard. */
function wordsIn({ start, end }: TextSpan, words: readonly WordTime[]): { at: number; from: number }[] {
  const inside: { at: number; from: number }[] = []
  for (const word of words) {
    if (word.start < start || word.start >= end) continue
    const at = word.start - start
    if (at > (inside.at(-1)?.at ?? -1)) inside.push({ at, from: word.from })
  }
  return inside
}

/** What a WebVTT file begins with. */
export const webvttHeader = 'WEBVTT\n\n'

/** Cues as WebVTT (W3C, Candidate Recommendation of 2019); `words`: with the time of each word inside its cue. */
export function formatWebvtt(cues: readonly Cue[], { words }: { readonly words: boolean }): string {
  return cues
    .map(({ from, to, lines }) => {
      const text = lines.map((line) => (words ? withWordTimes(line) : escapeWebvtt(line.text)))
      return `${webvttTimestamp(from)} --> ${webvttTimestamp(to)}\n${text.join('\n')}\n\n`
    })
    .join('')
}

function withWordTimes({ text, words }: Cue['lines'][number]): string {
  const ends = [...words.map(({ at }) => at), text.length]
  const parts = words.map(
    ({ at, from }, index) => `<${webvttTimestamp(from)}>${escapeWebvtt(text.slice(at, ends[index + 1]))}`,
  )
  return escapeWebvtt(text.slice(0, ends[0])) + parts.join('')
}

/** An arrow in the text would end the cue; with its `>` written out it is one no more. */
function escapeWebvtt(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `01:02:03.004`. */
function webvttTimestamp(seconds: number): string {
  return formatTimestamp(seconds, '.')
}

/** Hours, minutes, seconds and, after `point`, milliseconds. */
function formatTimestamp(seconds: number, point: '.' | ','): string {
  const all = Math.round(seconds * 1000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const milliseconds = String(all % 1000).padStart(3, '0')
  return `${two(all / 3_600_000)}:${two((all / 60_000) % 60)}:${two((all / 1000) % 60)}${point}${milliseconds}`
}

/** Cues as SubRip, counted from `first`. */
export function formatSubrip(cues: readonly Cue[], first: number): string {
  return cues
    .map(({ from, to, lines }, index) => {
      const text = lines.map((line) => escapeSubrip(line.text)).join('\n')
      return `${first + index}\n${formatTimestamp(from, ',')} --> ${formatTimestamp(to, ',')}\n${text}\n\n`
    })
    .join('')
}

/**
 * SubRip has no way to write a `<` that is none of its tags, or a brace that is no command: a word joiner, which nobody
 * sees, makes players take it for text. It keeps an arrow from being read as a line of times as well.
 */
function escapeSubrip(text: string): string {
  return text
    .replaceAll(/<(?=[A-Za-z/])/g, '<\u2060')
    .replaceAll(/\{(?=\\)/g, '{\u2060')
    .replaceAll('-->', '--\u2060>')
}
