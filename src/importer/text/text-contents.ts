import type { TextHeading } from '../headings/heading-line.ts'
import { LineIndex } from './contents-index.ts'
import type { LineGroup } from '../lines/line-groups.ts'

/** Two headings of a table of contents have less than this many characters between them. */
export const contentsGap = 160

const contentsTitle =
  /^(?:(?:the |table of )?contents|inhalt|inhaltsverzeichnis|table(?: des (?:matières|chapitres))?|sommaire|índice|indice|contenido|sommario|sumário|содержание|оглавление|зміст|spis treści|obsah|tartalom|cuprins|inhoud|inhoudsopgave|innehåll|indhold|innhold|sisällys|i̇çindekiler|içindekiler|daftar isi|περιεχόμενα|תוכן(?: העניינים)?|المحتويات|فهرست|الفهرس|สารบัญ|विषय[- ]सूची|mục lục|目录|目錄|目次|차례|목차)[.:：]?$/iu
/** Maximum length of an entry in a list under a contents title; longer lines belong to the body. */
const longestEntry = 120
/** A book has few tables of contents; more matches than this are none. */
const maxTitles = 10
/** With fewer entries a sequence of headings is no table, unless it stands under a contents title. */
const minEntries = 4
const minUnderTitle = 2

interface Contents {
  /** Candidates that are headings in the body, and lines of the body that only the table identifies as headings. */
  readonly body: TextHeading[]
  readonly contents: LineGroup[]
}

/**
 * Separates headings from tables of contents: runs of at least four with next to nothing between them, most of which
 * recur elsewhere, alike or by name alone (`CHAPTER I The Well` in the table, `I. The Well` or `The Well` in the body).
 * The body decides: an entry without a counterpart in the body is no chapter.
 */
export function withoutContents(
  lines: readonly string[],
  groups: readonly LineGroup[],
  candidates: readonly TextHeading[],
): Contents {
  const body: TextHeading[] = []
  const contents: LineGroup[] = []
  const named: TextHeading[] = []
  const keys = candidates.map(keyOf)
  /** For each key the number of headings not yet assigned to a table. */
  const left = new Map(countKeys(keys))
  const titles = groups.filter(({ start }) => isTitle(lines, start)).slice(0, maxTitles)
  let index: LineIndex | undefined
  for (let first = 0; first < candidates.length;) {
    const runKey = keys[first]
    let end = first + 1
    const start = candidates[first]?.start ?? 0
    const above = titles.findLast((group) => group.start < start)
    const underTitle =
      above !== undefined &&
      gapBetween(lines, above.end, start) < contentsGap &&
      (contents.at(-1)?.start ?? -1) < above.start
    const required = underTitle ? minUnderTitle : minEntries
    while (isClose(lines, candidates, end) && (end < first + required || keys[end] !== runKey)) end += 1
    const inside = countKeys(keys.slice(first, end))
    const recurs = (key: string): boolean => (left.get(key) ?? 0) > (inside.get(key) ?? 0)
    // A preface directly below the table does not recur and is not one of its entries.
    let to = end
    while (to > first && !recurs(keys[to - 1] ?? '')) to -= 1
    const entries = keys.slice(first, to).filter(recurs).length
    let isTable = to - first >= required && entries >= (to - first) * 0.6
    if (!isTable && end - first >= required) {
      index ??= new LineIndex(lines, groups)
      const run = candidates.slice(first, end)
      const found = index.find(
        run.map(({ title: text }) => text),
        run.at(-1)?.end ?? 0,
      )
      const matched = found.filter((line) => line !== undefined).length
      if (matched >= run.length * 0.6) {
        isTable = true
        to = end
        run.forEach((heading, at) => {
          const line = found[at]
          if (line !== undefined) named.push(headingAt(lines, line, heading))
        })
      }
    }
    if (isTable) {
      contents.push({ start, end: candidates[to - 1]?.end ?? 0 })
      for (const key of keys.slice(first, to)) left.set(key, (left.get(key) ?? 0) - 1)
    }
    body.push(...candidates.slice(isTable ? to : first, end))
    first = end
  }
  return { body: mergeHeadings(body, named), contents }
}

function isTitle(lines: readonly string[], line: number): boolean {
  const text = (lines[line] ?? '').trim()
  return (
    text.length <= 60 && contentsTitle.test(text.replace(/^《[^《》]{0,40}》|^[《》\s#*_]+|[\s*_]+$/g, ''))
  )
}

/** Merges headings in line order; where two are on one line, the first list's wins. */
export function mergeHeadings(first: readonly TextHeading[], second: readonly TextHeading[]): TextHeading[] {
  const headingLines = new Set(first.map(({ start }) => start))
  return [...first, ...second.filter(({ start }) => !headingLines.has(start))].toSorted(
    (a, b) => a.start - b.start,
  )
}

/** A group of the body as a heading of the kind that the table gives it. */
function headingAt(lines: readonly string[], { start, end }: LineGroup, heading: TextHeading): TextHeading {
  const text = lines
    .slice(start, end)
    .map((line) => line.trim())
    .join(' ')
  return { ...heading, title: text, offset: 0, bare: false, start, end }
}

function countKeys(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Word and number, since only the table or only the body may have titles; the title if there is no number. */
function keyOf({ kind, word, number, title: text }: TextHeading): string {
  return kind === 'special' || number === undefined ? text.toLowerCase() : `${word} ${number}`
}

/** Whether next to nothing stands between a heading and the one before it. */
function isClose(lines: readonly string[], candidates: readonly TextHeading[], index: number): boolean {
  const [before, here] = [candidates[index - 1], candidates[index]]
  return before !== undefined && here !== undefined && gapBetween(lines, before.end, here.start) < contentsGap
}

/** Characters of text between two lines, counted up to `contentsGap`. */
export function gapBetween(lines: readonly string[], from: number, to: number): number {
  let gap = 0
  for (let line = from; line < to && gap < contentsGap; line += 1) gap += (lines[line] ?? '').trim().length
  return gap
}

/**
 * Finds tables of contents by their titles: the list below a title consists of lines that recur in the body or end with
 * a page number, and short lines between them. Any other line belongs to the body and ends the list.
 */
export function listedContents(
  lines: readonly string[],
  groups: readonly LineGroup[],
  headings: readonly TextHeading[],
  found: readonly LineGroup[],
): { contents: LineGroup[]; named: TextHeading[] } {
  const titles = groups.flatMap(({ start }, index) => (isTitle(lines, start) ? [index] : []))
  if (titles.length === 0) return { contents: [...found], named: [] }
  const index = new LineIndex(lines, groups)
  const contents = [...found]
  const named: TextHeading[] = []
  for (const at of titles.slice(0, maxTitles)) {
    const group = groups[at] as LineGroup
    if (group.start < (contents.at(-1)?.end ?? 0) && contents.length > found.length) continue
    const table = found.find(
      ({ start }) => start >= group.end && gapBetween(lines, group.end, start) < contentsGap,
    )
    const list = listBelow(lines, groups, at, table, index, headings)
    if (list === undefined) {
      if (table !== undefined) contents.push({ start: group.start, end: table.start })
      continue
    }
    contents.push({ start: group.start, end: list.end })
    named.push(...list.named)
  }
  return { contents: contents.toSorted((a, b) => a.start - b.start), named }
}

/** Reads the list below the title in group `at`: its end, and the lines of the body that it names. */
function listBelow(
  lines: readonly string[],
  groups: readonly LineGroup[],
  at: number,
  table: LineGroup | undefined,
  index: LineIndex,
  headings: readonly TextHeading[],
): { end: number; named: TextHeading[] } | undefined {
  const entries: { text: string; sure: boolean }[] = []
  let end: number | undefined
  let unsure = 0
  // A part's name in the list recurs in the body; any other heading belongs to the body.
  const isEntry = ({ kind, title: text, start }: TextHeading): boolean =>
    kind === 'part' && index.recurs(text, start, true)
  const stop = headings.find(
    (heading) =>
      heading.start > (groups[at]?.start ?? 0) && heading.start >= (table?.end ?? 0) && !isEntry(heading),
  )?.start
  const inTable = (line: number): boolean => table !== undefined && line >= table.start && line < table.end
  scan: for (let group = at; group < groups.length; group += 1) {
    const { start, end: groupEnd } = groups[group] as LineGroup
    for (let line = group === at ? start + 1 : start; line < groupEnd; line += 1) {
      const text = (lines[line] ?? '').trim()
      if (line >= (stop ?? Infinity) || text.length > longestEntry) break scan
      const numbered = /(?:(?:[.…·]\s?){2,}|…|\s{2,}|\t)\s*[\divxlc]{1,5}$/i.test(text)
      const sure = inTable(line) || numbered || index.recurs(text, line, isSentence(text))
      unsure = sure ? 0 : unsure + 1
      // Up to three unknown lines may stand between two known ones: titles over two lines, names of parts.
      if (unsure > 3 || (!sure && isSentence(text))) break scan
      entries.push({ text, sure })
      if (sure) end = line + 1
    }
  }
  const known = entries.filter(({ sure }) => sure)
  if (end === undefined || known.length < (table === undefined ? 3 : 1)) return undefined
  const listed = known.filter(({ text }) => text !== '').map(({ text }) => text)
  const starts = new Set(headings.map(({ start }) => start))
  const named = index
    .find(listed, end)
    .flatMap((line, entry): TextHeading[] =>
      line === undefined || starts.has(line.start)
        ? []
        : [headingAt(lines, line, nameOnly(listed[entry] ?? ''))],
    )
  return { end, named: named.length >= Math.max(2, listed.length * 0.6) ? named : [] }
}

function nameOnly(text: string): TextHeading {
  return {
    kind: 'chapter',
    word: 'named',
    number: undefined,
    title: text,
    offset: 0,
    bare: false,
    part: undefined,
    start: 0,
    end: 0,
  }
}

function isSentence(text: string): boolean {
  return text.length > 60 || /\p{Ll}[.!?…]["”’»]?$/u.test(text) || /[。！？]$/.test(text)
}
