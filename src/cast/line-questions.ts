import { type Line, nameKey } from '../novel/cast.ts'
import type { Block } from '../novel/novel.ts'

/** A passage with open lines that a language model is asked about. */
export interface LineQuestion {
  /** What is sent. The lines in question are numbered from 1. */
  readonly passage: string
  /** The same as the book has it: names of answers have to stand here. */
  readonly text: string
  /** Of each number the index of its line. */
  readonly lines: readonly number[]
}

/** Characters of one passage. */
const longestPassage = 6000
const paragraphsBefore = 4
const longestParagraph = 1200

/** The open lines of a chapter, each in one question, with the paragraphs around them. */
export function lineQuestions(
  blocks: readonly Pick<Block, 'text'>[],
  lines: readonly Line[],
): LineQuestion[] {
  const questions: LineQuestion[] = []
  let open: number[] = []
  let characters = 0
  const flush = (): void => {
    if (open.length > 0) questions.push(questionOf(blocks, lines, open))
    open = []
    characters = 0
  }
  for (const [at, { block, kind, basis }] of lines.entries()) {
    if (kind !== 'speech' || basis !== undefined) continue
    const last = open.length > 0 ? lines[open.at(-1)!]!.block : undefined
    const from = last === undefined ? Math.max(0, block - paragraphsBefore) : last + 1
    const more = lengthOf(blocks, from, block)
    if (last !== undefined && (block - last > 2 * paragraphsBefore || characters + more > longestPassage)) {
      flush()
      characters = lengthOf(blocks, Math.max(0, block - paragraphsBefore), block)
    } else characters += more
    open.push(at)
  }
  flush()
  return questions
}

function lengthOf(blocks: readonly Pick<Block, 'text'>[], from: number, to: number): number {
  let length = 0
  for (let at = from; at <= to; at++) length += Math.min(longestParagraph, blocks[at]?.text.length ?? 0)
  return length
}

function questionOf(
  blocks: readonly Pick<Block, 'text'>[],
  lines: readonly Line[],
  open: readonly number[],
): LineQuestion {
  const from = Math.max(0, lines[open[0]!]!.block - paragraphsBefore)
  const to = Math.min(blocks.length - 1, lines[open.at(-1)!]!.block + 1)
  const marks = new Map<number, { readonly start: number; readonly mark: string }[]>()
  for (const [at, { block, start, speaker }] of lines.entries()) {
    if (block < from || block > to) continue
    const number = open.indexOf(at) + 1
    const mark = number > 0 ? `[${number}] ` : speaker === undefined ? '' : `{${speaker}} `
    marks.set(block, [...(marks.get(block) ?? []), { start, mark }])
  }
  const paragraphs: string[] = []
  const texts: string[] = []
  for (let block = from; block <= to; block++) {
    const { text } = blocks[block]!
    texts.push(text)
    let marked = ''
    let last = 0
    for (const { start, mark } of marks.get(block) ?? []) {
      marked += `${shortened(text.slice(last, start))}${mark}`
      last = start
    }
    paragraphs.push(marked + shortened(text.slice(last)))
  }
  return { passage: paragraphs.join('\n'), text: texts.join('\n'), lines: open }
}

function shortened(text: string): string {
  return text.length <= longestParagraph
    ? text
    : `${text.slice(0, longestParagraph / 2)} … ${text.slice(-longestParagraph / 2)}`
}

const longestName = 60

/**
 * Who speaks each numbered line by an answer, which may be anything: only numbers that were asked about, with the name of
 * a known character or one that stands in the passage, count. All else is dropped; no text is taken from it.
 */
export function readAnswers(
  content: string,
  { text, lines }: LineQuestion,
  known: readonly string[],
): Readonly<Record<number, string>> {
  const names = new Map(known.map((name) => [nameKey(name), name]))
  const answers: Record<number, string> = {}
  for (const [number, value] of Object.entries(objectIn(content))) {
    if (!/^[1-9]\d{0,5}$/.test(number) || Number(number) > lines.length || typeof value !== 'string') continue
    const name = value.trim()
    if (name === '' || name.length > longestName || /[^\p{L}\p{M}\p{N} .’'-]/u.test(name)) continue
    const spoken = names.get(nameKey(name)) ?? (standsIn(text, name) ? name : undefined)
    if (spoken !== undefined) answers[Number(number)] = spoken
  }
  return answers
}

function objectIn(content: string): Record<string, unknown> {
  const [from, to] = [content.indexOf('{'), content.lastIndexOf('}')]
  if (from < 0 || to < from) return {}
  try {
    const parsed: unknown = JSON.parse(content.slice(from, to + 1))
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

/** A name as the text writes it, whole words of it, with a capital where the script has them. */
function standsIn(text: string, name: string): boolean {
  if (!/^(?:the\s|[\p{Lu}\p{Lo}])/u.test(name)) return false
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const han = /\p{Script=Han}/u.test(name)
    const whole =
      !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ') && !/[\p{L}\p{N}]/u.test(text[at + name.length] ?? ' ')
    if (han || whole) return true
  }
  return false
}
