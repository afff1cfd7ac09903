import type { Cue } from './cues.ts'
import { formatTimestamp } from './webvtt.ts'

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
