import { copySpeaker, type DraftLine, type Paragraph, speakerKey } from './draft-lines.ts'
import { calls } from './vocatives.ts'

/** Longer exchanges without a name are left open: two in a row by one person shift all that follow. */
const longestChain = 6

/**
 * Gives the paragraphs of nothing but open speech that follow two speakers, next to each other, to the two by turns. Stops
 * where somebody is called by name who is to speak; what the next named speaker contradicts stays open.
 */
export function attributeTurns(paragraphs: readonly Paragraph[]): void {
  for (let at = 2; at < paragraphs.length; at++) {
    const [one, other] = [soleSpeaker(paragraphs[at - 2]!), soleSpeaker(paragraphs[at - 1]!)]
    if (!one || !other || speakerKey(one) === speakerKey(other)) continue
    if (paragraphs[at - 1]!.block !== paragraphs[at - 2]!.block + 1) continue
    const chain: Paragraph[] = []
    while (
      chain.length <= longestChain &&
      isOpen(paragraphs[at + chain.length], paragraphs[at - 1]!, chain.length)
    )
      chain.push(paragraphs[at + chain.length]!)
    if (chain.length === 0 || chain.length > longestChain) continue
    const speakerAt = (nth: number): DraftLine => (nth % 2 === 0 ? one : other)
    const next = paragraphs[at + chain.length]
    const told = next && next.block === chain.at(-1)!.block + 1 ? next : undefined
    if (told && (told.unresolved || !followsTurn(told, speakerAt(chain.length)))) continue
    if (!(told && isToldSo(told)) && !haveTakenTurns(paragraphs, at, other)) continue
    for (const [nth, paragraph] of chain.entries()) {
      const speaker = speakerAt(nth)
      if (paragraph.lines.some(({ text }) => speaker.speaker !== undefined && calls(text, speaker.speaker)))
        break
      for (const line of paragraph.lines) copySpeaker(speaker, line, 'turn')
    }
  }
}

/** Whether a paragraph tells of its speaker. */
function isToldSo({ lines }: Paragraph): boolean {
  return lines.some(({ basis }) => basis !== undefined)
}

/** Whether the two before a chain are in an exchange: who speaks last has spoken before the other, too. */
function haveTakenTurns(paragraphs: readonly Paragraph[], at: number, other: DraftLine): boolean {
  const [before, one] = [paragraphs[at - 3], paragraphs[at - 2]!]
  if (!before || one.block > before.block + 2) return false
  return before.lines.some((line) => line.basis !== undefined && speakerKey(line) === speakerKey(other))
}

/** Any line of the only speaker of a paragraph. */
function soleSpeaker({ lines, unresolved }: Paragraph): DraftLine | undefined {
  if (unresolved || lines.some(({ basis }) => basis === undefined)) return undefined
  return new Set(lines.map(speakerKey)).size === 1 ? lines[0] : undefined
}

/** Whether a paragraph is nothing but open speech, and stands `nth` behind the last with a speaker. */
function isOpen(paragraph: Paragraph | undefined, last: Paragraph, nth: number): boolean {
  return (
    paragraph !== undefined &&
    paragraph.pure &&
    paragraph.block === last.block + nth + 1 &&
    paragraph.lines.every(({ basis, span }) => basis === undefined && !span.goesOn)
  )
}

/** Whether the paragraph behind a chain is of the one whose turn it is, or tells nothing of its speaker. */
function followsTurn({ lines }: Paragraph, expected: DraftLine): boolean {
  const told = lines.filter(({ basis }) => basis !== undefined)
  return told.every((line) => speakerKey(line) === speakerKey(expected))
}
