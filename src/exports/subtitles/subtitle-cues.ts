import type { WordTime } from '../../novel/clip.ts'
import { captionScreens, type TextSpan } from './caption-lines.ts'

/** The lines that are shown from one time to another, in seconds. */
export interface Cue {
  readonly from: number
  readonly to: number
  readonly lines: readonly CueLine[]
}

interface CueLine {
  readonly text: string
  /** Offset of each word in the line and its start in seconds, both ascending. */
  readonly words: readonly { readonly at: number; readonly from: number }[]
}

/** A sentence of the source text with its time in seconds. */
export interface TimedSentence {
  readonly text: string
  readonly from: number
  readonly to: number
  /** `start` and `end`: offsets in the text; `from` and `to`: on the sentence's time axis. Empty: not known. */
  readonly words: readonly WordTime[]
}

/** The resolution of subtitle timestamps, in seconds. */
const minimumSeconds = 0.001

/**
 * Divides a sentence into cues of at most two lines. Each begins at the time of its first word or, without word times, in
 * proportion to its offset in the text.
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

/** Of several spoken words with the same source (a number), only the first is kept. */
function wordsIn({ start, end }: TextSpan, words: readonly WordTime[]): { at: number; from: number }[] {
  const inside: { at: number; from: number }[] = []
  for (const word of words) {
    if (word.start < start || word.start >= end) continue
    const at = word.start - start
    if (at > (inside.at(-1)?.at ?? -1)) inside.push({ at, from: word.from })
  }
  return inside
}

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

/** Escaping `>` also keeps `-->` in the text from being parsed as a timing line. */
function escapeWebvtt(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `01:02:03.004`. */
function webvttTimestamp(seconds: number): string {
  return formatTimestamp(seconds, '.')
}

/** `point`: the separator before the milliseconds. */
function formatTimestamp(seconds: number, point: '.' | ','): string {
  const all = Math.round(seconds * 1000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const milliseconds = String(all % 1000).padStart(3, '0')
  return `${two(all / 3_600_000)}:${two((all / 60_000) % 60)}:${two((all / 1000) % 60)}${point}${milliseconds}`
}

/** Cues as SubRip, numbered from `first`. */
export function formatSubrip(cues: readonly Cue[], first: number): string {
  return cues
    .map(({ from, to, lines }, index) => {
      const text = lines.map((line) => escapeSubrip(line.text)).join('\n')
      return `${first + index}\n${formatTimestamp(from, ',')} --> ${formatTimestamp(to, ',')}\n${text}\n\n`
    })
    .join('')
}

/**
 * SubRip has no escape for a `<` that is not a tag, or a brace that is not a command: an invisible word joiner (U+2060)
 * makes players treat it as text. It also keeps `-->` from being parsed as a timing line.
 */
function escapeSubrip(text: string): string {
  return text
    .replaceAll(/<(?=[A-Za-z/])/g, '<\u2060')
    .replaceAll(/\{(?=\\)/g, '{\u2060')
    .replaceAll('-->', '--\u2060>')
}
