import { readNumber } from '../headings/number-words.ts'
import { readHeadingLine } from '../headings/heading-line.ts'
import type { LineGroup } from '../lines/line-groups.ts'

/** Longer groups are paragraphs. */
const longest = 200
const maxLines = 3
const latin = /^[a-z]$/i
const bareNumber = /^\W*[\p{N}IVXLC]{1,8}\W*$/u

/**
 * Index of a text's short groups by content, with and without their number, to find the entries of a table of contents
 * again. Keys are expensive and most groups are never looked up: groups are indexed by their ending, which a key shares
 * with its text, and keyed when something with the same ending is looked up.
 */
export class LineIndex {
  readonly #lines: readonly string[]
  /** Groups without keys by ending, in order. */
  readonly #unkeyed = new Map<string, LineGroup[]>()
  /** Groups by key, in order. */
  readonly #groupsByKey = new Map<string, LineGroup[]>()

  constructor(lines: readonly string[], groups: readonly LineGroup[]) {
    this.#lines = lines
    for (const group of groups) {
      if (group.end - group.start <= maxLines) this.#add(group)
      if (group.end - group.start > 1) this.#add({ start: group.start, end: group.start + 1 })
    }
  }

  #textOf({ start, end }: LineGroup): string {
    return this.#lines.slice(start, end).join(' ').trim()
  }

  #add(group: LineGroup): void {
    const text = this.#textOf(group)
    if (text.length > longest) return
    if (bareNumber.test(text)) return this.#addKeys(group, text)
    const ending = endingOf(text)
    if (ending === '') return
    const alike = this.#unkeyed.get(ending)
    if (alike === undefined) this.#unkeyed.set(ending, [group])
    else alike.push(group)
  }

  #addKeys(group: LineGroup, text: string): void {
    for (const key of keysOf(text)) {
      // Only a bare number on a line can stand for a chapter that the table lists by its word.
      if (key.startsWith('#') && !bareNumber.test(text)) continue
      const found = this.#groupsByKey.get(key)
      if (found === undefined) {
        this.#groupsByKey.set(key, [group])
        continue
      }
      const last = found.at(-1)?.start ?? 0
      found.push(group)
      if (group.start < last) found.sort((a, b) => a.start - b.start)
    }
  }

  /** The keys of a text, after keying all groups that may share one of them. */
  #keysOf(text: string): string[] {
    const ending = endingOf(text)
    for (const group of this.#unkeyed.get(ending) ?? []) this.#addKeys(group, this.#textOf(group))
    this.#unkeyed.delete(ending)
    return keysOf(text)
  }

  /** Whether a line below this one has the same content; with `only`, exactly one other place may have it. */
  recurs(text: string, line: number, only: boolean): boolean {
    return this.#keysOf(text).some((key) => {
      const found = key.startsWith('#') ? [] : (this.#groupsByKey.get(key) ?? [])
      return (found.at(-1)?.start ?? -1) > line && (!only || found.length === 2)
    })
  }

  /** For each text in turn the first group with the same content below the previous match, and below `from`. */
  find(texts: readonly string[], from: number): (LineGroup | undefined)[] {
    let below = from
    return texts.map((text) => {
      for (const key of this.#keysOf(text)) {
        const place = firstFrom(this.#groupsByKey.get(key) ?? [], below)
        if (place === undefined) continue
        below = place.end
        return place
      }
      return undefined
    })
  }
}

/**
 * The ending of a text without its page number, which all of its keys share: its last letter or digit, for Latin
 * letters the last two. Other scripts join a number and a name without a space.
 */
function endingOf(text: string): string {
  const trimmed = withoutPage(text.trim())
  for (let at = trimmed.length - 1; at >= 0; at -= 1) {
    const unit = trimmed[at] as string
    if (latin.test(unit)) {
      const before = trimmed[at - 1] ?? ''
      return (latin.test(before) ? before + unit : unit).toLowerCase()
    }
    // A surrogate, or a letter whose lower-case form depends on its position.
    if (unit >= '\u0080' && /[\p{L}\p{N}\p{M}\p{Cs}]/u.test(unit))
      return unit === 'ς' || unit === 'Σ' ? 'σ' : (unit.toLowerCase().at(-1) ?? unit)
    if (unit >= '0' && unit <= '9') return unit
  }
  return ''
}

function firstFrom(groups: readonly LineGroup[], line: number): LineGroup | undefined {
  let low = 0
  let high = groups.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((groups[middle]?.start ?? 0) < line) low = middle + 1
    else high = middle
  }
  return groups[low]
}

function withoutPage(text: string): string {
  return /[\divxlc]$/i.test(text) ? text.replace(/(?:[\s.…·_]{2,}|\t)[\divxlc]{1,5}$/i, '') : text
}

/** The heading's name, or its number if it has no name: the same in the table and in the body. */
function keysOf(text: string): string[] {
  const trimmed = withoutPage(text.trim())
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

/** The heading's text after its word and number. */
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
