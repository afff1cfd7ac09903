import type { Cue } from './cues.ts'

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
export function formatTimestamp(seconds: number, point: '.' | ','): string {
  const all = Math.round(seconds * 1000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const milliseconds = String(all % 1000).padStart(3, '0')
  return `${two(all / 3_600_000)}:${two((all / 60_000) % 60)}:${two((all / 1000) % 60)}${point}${milliseconds}`
}
