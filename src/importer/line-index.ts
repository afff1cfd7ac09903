import { readNumber } from './number-words.ts'
import { readHeadingLine } from './heading-line.ts'
import type { LineGroup } from './text-groups.ts'

/** Longer groups are paragraphs. */
const longest = 200
const mostLines = 3
const bareNumber = /^\W*[\p{N}IVXLC]{1,8}\W*$/u

/** The short groups of a text by what they say, with their number and without: to find again what a table of contents lists. */
export class LineIndex {
  readonly #places = new Map<string, LineGroup[]>()

  constructor(lines: readonly string[], groups: readonly LineGroup[]) {
    for (const group of groups) {
      if (group.end - group.start > mostLines) {
        this.#add(lines, { start: group.start, end: group.start + 1 })
        continue
      }
      this.#add(lines, group)
      if (group.end - group.start > 1) this.#add(lines, { start: group.start, end: group.start + 1 })
    }
  }

  #add(lines: readonly string[], group: LineGroup): void {
    const text = lines.slice(group.start, group.end).join(' ').trim()
    if (text.length > longest) return
    for (const key of keysOf(text)) {
      // Only a number that is all a line says stands for a chapter that the table calls by its word.
      if (key.startsWith('#') && !bareNumber.test(text)) continue
      const places = this.#places.get(key)
      if (places === undefined) this.#places.set(key, [group])
      else places.push(group)
    }
  }

  /** Whether something below this line says the same; where it must be the `only` one, nothing else may. */
  comesAgain(text: string, line: number, only: boolean): boolean {
    return keysOf(text).some((key) => {
      const places = key.startsWith('#') ? [] : (this.#places.get(key) ?? [])
      return (places.at(-1)?.start ?? -1) > line && (!only || places.length === 2)
    })
  }

  /** For each of these texts in turn the first group below the one before, and below `from`, that says the same. */
  find(texts: readonly string[], from: number): (LineGroup | undefined)[] {
    let below = from
    return texts.map((text) => {
      for (const key of keysOf(text)) {
        const place = firstFrom(this.#places.get(key) ?? [], below)
        if (place === undefined) continue
        below = place.end
        return place
      }
      return undefined
    })
  }
}

function firstFrom(places: readonly LineGroup[], line: number): LineGroup | undefined {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle]?.start ?? 0) < line) low = middle + 1
    else high = middle
  }
  return places[low]
}

/** The name of a heading, and its number where it has no name: the same in the table and in the body. */
function keysOf(text: string): string[] {
  const trimmed = text.trim().replace(/(?:[\s.…·_]{2,}|\t)[\divxlc]{1,5}$/i, '')
  if (trimmed === '' || trimmed.length > longest) return []
  const heading = readHeadingLine(trimmed)
  const numbered = heading === undefined ? readNumber(trimmed) : undefined
  const name = plain(
    heading === undefined ? trimmed.slice(numbered?.length ?? 0) : nameIn(trimmed, heading.word),
  )
  const whole = plain(trimmed)
  const number = heading?.number ?? numbered?.value
  return [...new Set([whole, name === '' ? `#${number}` : name])].filter((key) => key !== '')
}

/** What a heading says behind its word and number. */
function nameIn(text: string, word: string): string {
  const at = text.toLowerCase().indexOf(word)
  const rest = text.slice(at < 0 ? 0 : at + word.length).replace(/^[\s.:]*(?:the\s+)?/i, '')
  const number = readNumber(rest)
  return number === undefined
    ? rest.replace(/^[0-9０-９〇零一二三四五六七八九十百千]+\s*/, '')
    : rest.slice(number.length)
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}
