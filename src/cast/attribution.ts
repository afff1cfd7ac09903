import { type Line, nameKey } from '../novel/cast.ts'
import type { Block } from '../novel/novel.ts'
import { primarySubtag } from '../novel/voice.ts'
import { chineseSubjectAfter, chineseSubjectBefore } from './chinese-subjects.ts'
import { findDialogue, type Span } from './dialogue.ts'
import { copySpeaker, type DraftLine, type Paragraph, speakerKey } from './draft-lines.ts'
import { narrationAround, type NameEvidence } from './name-evidence.ts'
import { narrationWords, type NarrationWords } from './narration-words.ts'
import { antecedentOf } from './pronoun-antecedents.ts'
import { namedSubjects, subjectAfter, subjectBefore } from './speech-subjects.ts'
import type { Mention } from './subject-phrases.ts'
import { attributeTurns } from './turn-taking.ts'
import { calls } from './vocatives.ts'

/** Who speaks each line of a chapter, as far as the text itself tells. Linear in its length. */
export function attributeChapter(
  blocks: readonly Pick<Block, 'kind' | 'text' | 'marks'>[],
  language: string,
  evidence: NameEvidence,
): Line[] {
  const dialogue = findDialogue(blocks, language)
  const thoughts = dialogue.flat().filter(({ kind }) => kind === 'thought')
  const paragraphs: Paragraph[] = []
  for (const [block, spans] of dialogue.entries()) {
    const quiet = block > 0 && dialogue[block - 1]!.every(({ kind }) => kind === 'narration')
    const place = { text: blocks[block]!.text, block, spans, prior: blocks[block - 1]?.text, quiet }
    const paragraph = attributeParagraph(place, language, evidence, paragraphs)
    if (paragraph.lines.length > 0) paragraphs.push(paragraph)
  }
  attributeTurns(paragraphs)
  const lines = paragraphs.flatMap((paragraph) => paragraph.lines.map(asLine))
  return [
    ...lines,
    ...thoughts.map(({ block, start, end }): Line => ({ block, start, end, kind: 'thought' })),
  ].sort((a, b) => a.block - b.block || a.start - b.start)
}

function asLine({ span: { block, start, end }, speaker, self, basis }: DraftLine): Line {
  const place = { block, start, end, kind: 'speech' as const }
  if (basis === undefined) return place
  return self ? { ...place, self, basis } : { ...place, speaker: speaker!, basis }
}

interface ParagraphText {
  readonly text: string
  readonly block: number
  readonly spans: readonly Span[]
  /** The paragraph before it. */
  readonly prior: string | undefined
  /** Nobody speaks in that. */
  readonly quiet: boolean
}

function attributeParagraph(
  { text, block, spans, prior, quiet }: ParagraphText,
  language: string,
  evidence: NameEvidence,
  before: readonly Paragraph[],
): Paragraph {
  const code = primarySubtag(language)
  const around = narrationAround(text, spans, prior)
  const lines = around.map(({ span }): DraftLine => ({ span, text: text.slice(span.start, span.end) }))
  const pure = spans.every(
    ({ kind, start, end }) => kind === 'speech' || text.slice(start, end).trim() === '',
  )
  let unresolved = false
  for (const [at, each] of around.entries()) {
    const line = lines[at]!
    const mention = mentionOf(each, line.text, code, evidence)
    if (!mention) continue
    if (mention.kind === 'name') Object.assign(line, { speaker: mention.name, basis: 'said' })
    else if (mention.kind === 'self') Object.assign(line, { self: true, basis: 'said' })
    else {
      const narration = spans
        .filter(({ kind, end }) => kind === 'narration' && end <= line.span.start)
        .map(({ start, end }) => text.slice(start, end))
      const told = lines.slice(0, at).flatMap((one) => (one.speaker === undefined ? [] : [one.speaker]))
      const spokeLast = lines.slice(0, at).findLast(({ speaker }) => speaker !== undefined)
      const since = spokeLast ? text.slice(spokeLast.span.end, line.span.start) : ''
      const speaker = unresolved
        ? undefined
        : antecedentOf(mention.gender, {
            block,
            narration: [...(narration.length === 0 && isLead(prior) ? [prior] : []), ...narration].join(' '),
            told,
            since,
            prior: quiet ? (prior ?? '') : '',
            words: narrationWords(code),
            before,
            evidence,
          })
      if (speaker === undefined || calls(line.text, speaker)) unresolved = true
      else Object.assign(line, { speaker, basis: 'pronoun' })
    }
  }
  const last = before.at(-1)
  const [first] = lines
  const from = last?.lines.at(-1)
  if (
    first?.span.goesOn &&
    first.basis === undefined &&
    last?.block === block - 1 &&
    from?.basis !== undefined
  )
    copySpeaker(from, first)
  if (!unresolved && code !== 'zh') continueWithin(lines, around, code)
  return { block, lines, pure, unresolved }
}

/** Whether a paragraph tells who speaks in the next. */
function isLead(paragraph: string | undefined): paragraph is string {
  return paragraph !== undefined && /[:：]\s*$/u.test(paragraph)
}

function mentionOf(
  { before, after, leads }: ReturnType<typeof narrationAround>[number],
  quote: string,
  code: string,
  evidence: NameEvidence,
): Mention | undefined {
  if (code === 'zh') {
    const names = chineseNames(evidence.chinese)
    return chineseSubjectBefore(before, names) ?? (leads ? undefined : chineseSubjectAfter(after, names))
  }
  const words = narrationWords(code)
  if (!words) return undefined
  const behind = subjectAfter(quote, after, words, leads)
  if (behind) return behind
  const led = subjectBefore(before, words)
  return led?.kind === 'name' && !isBelieved(led.name, words, evidence) ? undefined : led
}

/** A Spanish or French sentence often begins with its verb: what is never a name elsewhere is none there. */
function isBelieved(name: string, { code }: NarrationWords, { capitals }: NameEvidence): boolean {
  if (code !== 'es' && code !== 'fr') return true
  return name.split(' ').some((word) => capitals.has(word)) || !/^\p{Lu}\p{L}*$/u.test(name)
}

const namesRead = new WeakMap<ReadonlyMap<string, number>, ReadonlySet<string>>()
/** Words that stand before 道 less often are no names. */
const fewestTimes = 2

function chineseNames(counts: ReadonlyMap<string, number>): ReadonlySet<string> {
  const read =
    namesRead.get(counts) ??
    new Set([...counts].flatMap(([name, times]) => (times >= fewestTimes ? [name] : [])))
  namesRead.set(counts, read)
  return read
}

/** The most narration between two quotes of one speaker, in characters. */
const longestBetween = 300

/** The open quotes of a paragraph are its only speaker's, unless somebody else acts in between. */
function continueWithin(
  lines: readonly DraftLine[],
  around: readonly { readonly before: string; readonly after: string }[],
  code: string,
): void {
  const told = lines.filter(({ basis }) => basis !== undefined)
  const keys = new Set(told.map(speakerKey))
  const [only] = told
  if (keys.size !== 1 || !only) return
  const words = narrationWords(code)
  for (const [at, line] of lines.entries()) {
    if (line.basis !== undefined) continue
    const { before, after } = around[at]!
    const named = words ? namedSubjects(before, words) : []
    if (named.some((name) => nameKey(name) !== speakerKey(only))) return
    // Told by words that nobody here knows, or with much in between.
    if (before.length > longestBetween || isLead(before)) return
    if (/,["”’»“«]\s*$/u.test(line.text) && /^\s*\p{Ll}/u.test(after)) return
  }
  for (const line of lines) if (line.basis === undefined) copySpeaker(only, line)
}
