import type { TextHeading } from '../headings/heading-line.ts'
import { cjkNumber, readNumber, romanValue } from '../headings/number-words.ts'
import type { Layout, LineGroup } from '../lines/line-groups.ts'

interface Numbered extends TextHeading {
  readonly number: number
  /** The numbering style; only lines of one style are counted together. */
  readonly form: string
}

/**
 * Finds headings that are only numbers (`IV.`, `12`, `三`, `IV. THE STORM`), alone between blank lines. Of all numbering
 * styles the one with the longest ascending sequence is used; over 80 % of its steps must be to the next number, or
 * back to 1 where a part begins.
 */
export function countedHeadings(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
  strong: readonly TextHeading[],
): TextHeading[] {
  const byForm = new Map<string, Numbered[]>()
  for (const group of groups) {
    if (layout.spaced && group.end - group.start > (layout.wrapped ? 2 : 1)) continue
    for (let index = group.start; index < (layout.spaced ? group.start + 1 : group.end); index += 1) {
      const text = lines
        .slice(index, layout.spaced ? group.end : index + 1)
        .map((line) => line.trim())
        .join(' ')
      const numbered = readNumbered(text, index, layout.spaced ? group.end : index + 1)
      if (numbered === undefined) continue
      const row = byForm.get(numbered.form)
      if (row === undefined) byForm.set(numbered.form, [numbered])
      else row.push(numbered)
    }
  }
  let best: Numbered[] = []
  for (const row of byForm.values()) {
    const counting = countingRow(row, strong)
    if (counting.length > best.length) best = counting
  }
  return best
}

/** The sequence from its first 1, if it ascends. */
function countingRow(row: readonly Numbered[], strong: readonly TextHeading[]): Numbered[] {
  const first = row.findIndex(({ number }) => number === 1)
  if (first < 0) return []
  const from = row.slice(first)
  const steps = from.slice(1).filter((heading, index) => {
    const before = from[index]
    if (before === undefined) return false
    if (heading.number !== 1) return heading.number === before.number + 1
    return strong.some(({ start }) => start > before.start && start < heading.start)
  }).length
  return from.length > 1 && steps > (from.length - 1) * 0.8 ? from : []
}

function readNumbered(line: string, start: number, end: number): Numbered | undefined {
  if (line.length > 100) return undefined
  const text = line.replaceAll(/^[-–—*=~\s.[(]+|[-–—*=~\s\])]+$/g, '')
  if (text === '' || text.length > 80) return undefined
  const heading = (form: string, number: number, bare: boolean): Numbered => ({
    kind: 'chapter',
    word: form,
    number,
    form,
    title: line,
    offset: 0,
    bare,
    part: undefined,
    start,
    end,
  })
  const bare = text.replace(/[.:、．]$/, '')
  if (/^\d{1,3}$/.test(bare)) return heading('digits', Number(bare), true)
  if (/^[IVXLC]{1,8}$/.test(bare)) {
    const value = romanValue(bare)
    return value === undefined ? undefined : heading('roman', value, true)
  }
  if (/^[一二三四五六七八九十百〇]{1,5}$/.test(bare)) {
    const value = cjkNumber(bare)
    return value === undefined ? undefined : heading('cjk', value, true)
  }
  const cjk = /^([一二三四五六七八九十百]{1,5})[、．.]\s*\S/.exec(text)
  const cjkValue = cjk === null ? undefined : cjkNumber(cjk[1] ?? '')
  if (cjkValue !== undefined) return heading('cjk titled', cjkValue, false)
  const titled = /^(\d{1,3}|[IVXLC]{1,8})(?:[.)]|\s*[—–:-])\s+["“«‘'_]*(\p{Lu}.*)$/u.exec(text)
  if (titled !== null && !/[.!?]$/.test(text.replace(/\.\.\.$/, ''))) {
    const value = /^\d/.test(titled[1] ?? '') ? Number(titled[1]) : romanValue(titled[1] ?? '')
    return value === undefined ? undefined : heading('titled', value, false)
  }
  const words = readNumber(text)
  if (words !== undefined && words.length === bare.length && /^\p{Lu}/u.test(text))
    return heading('words', words.value, true)
  return undefined
}
