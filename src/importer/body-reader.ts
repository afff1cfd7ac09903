import type { SkipReason } from '../novel/block.ts'
import { resolveHref, type Target } from './archive-path.ts'
import { blockFlow, type BlockFlow, type Surroundings } from './block-flow.ts'
import { cleanText } from './clean-text.ts'
import { extend } from './trace.ts'
import {
  blockElements,
  cellElements,
  headingLevel,
  isAsideNote,
  isMark,
  isNote,
  isVerse,
  reasonToTakeOut,
  semanticTypes,
  type Attributes,
} from './xhtml-vocabulary.ts'

/** An element that is open, and what it means for the text inside. */
interface Frame extends Surroundings {
  readonly name: string
  readonly block: boolean
  readonly inGroup: boolean
  readonly sup: boolean
  readonly id: string | undefined
}

const outside: Frame = {
  name: '',
  types: [],
  block: true,
  level: 0,
  note: false,
  verse: false,
  inSpan: false,
  inGroup: false,
  sup: false,
  id: undefined,
}

export interface BodyReader {
  open(name: string, attributes: Attributes): void
  /** `places`: for each unit its place in the document, where the blocks are traced. */
  text(data: string, places?: readonly number[]): void
  close(): void
  readonly flow: BlockFlow
  /** By id, the index of the draft after each block-level element. */
  readonly extents: ReadonlyMap<string, number>
  /** UTF-16 units of text, and those of them that stand in links to other documents; how many such links. */
  readonly figures: { characters: number; linked: number; links: number }
}

/** Follows the elements of a document's body; `file` is the document's path in the archive. */
export function bodyReader(file: string, { traced }: { readonly traced: boolean }): BodyReader {
  const flow = blockFlow({ traced })
  const frames: Frame[] = [outside]
  const extents = new Map<string, number>()
  const figures = { characters: 0, linked: 0, links: 0 }
  let taking:
    | { depth: number; reason: SkipReason; text: string; places: number[]; label: string; apart: boolean }
    | undefined
  let link: { depth: number; start: number; target: Target; superscript: boolean } | undefined

  function write(data: string, places?: readonly number[]): void {
    figures.characters += data.length
    if (link !== undefined && link.target.file !== file) figures.linked += data.length
    flow.write(data, frames.at(-1) ?? outside, places)
  }

  /** An initial drawn as an image is the first letter of its word; any other image is passed over. */
  function image(alt: string): void {
    if (/^\p{L}$/u.test(alt) && flow.offset() === 0) write(alt)
    else flow.take('image', cleanText(alt), false)
  }

  function enter(frame: Frame, parent: Frame, attributes: Attributes): void {
    const { name } = frame
    if (name === 'br') flow.lineBreak()
    else if (name === 'hr') flow.sceneBreak(frame)
    else if (name === 'img') image((attributes['alt'] ?? '').trim())
    else if (name === 'sup' && link !== undefined) link.superscript = true
    else if (name === 'span' && frame.verse && !parent.inSpan) flow.verseSpan()
    else if (name === 'a' && attributes['href'] !== undefined && link === undefined) {
      const target = resolveHref(file, attributes['href'])
      if (target === undefined) return
      link = { depth: frames.length, start: flow.offset(), target, superscript: frame.sup }
      if (target.file !== file) figures.links += 1
    }
  }

  function endTaking({ reason, text, places, label, apart }: NonNullable<typeof taking>): void {
    const clean = cleanText(text).trim()
    if (!isMark(reason, clean)) write(text, places)
    else if (clean !== '' || label !== '' || reason === 'image')
      flow.take(reason, (clean === '' ? cleanText(label).trim() : clean).normalize('NFC'), apart)
  }

  return {
    flow,
    extents,
    figures,
    open(name, attributes) {
      const parent = frames.at(-1) ?? outside
      const own = semanticTypes(attributes)
      const block = blockElements.has(name)
      const verse = block && isVerse(own, attributes)
      const frame: Frame = {
        name,
        types: own.length === 0 ? parent.types : [...parent.types, ...own],
        block,
        level: headingLevel(name, own, attributes, parent.inGroup) || parent.level,
        note: parent.note || isNote(name, own, attributes),
        verse: parent.verse || verse || name === 'pre',
        inSpan: name === 'span' || (parent.inSpan && !block),
        inGroup: name === 'hgroup' || parent.inGroup,
        sup: name === 'sup' || (parent.sup && !block),
        id: attributes['id'] ?? (name === 'a' ? attributes['name'] : undefined),
      }
      frames.push(frame)
      const reason = taking === undefined ? reasonToTakeOut(name, own, attributes) : undefined
      if (taking !== undefined) {
        if (block || name === 'br' || cellElements.has(name)) {
          taking.text += ' '
          taking.places.push(-1)
        }
      } else if (block && (reason === undefined || isAsideNote(name, own))) {
        flow.endBlock()
        if (verse) flow.endVerse()
      }
      if (frame.id !== undefined) flow.anchor(frame.id)
      if (reason !== undefined) {
        const label = attributes['title'] ?? attributes['aria-label'] ?? ''
        taking = { depth: frames.length, reason, text: '', places: [], label, apart: block }
      } else if (taking === undefined) enter(frame, parent, attributes)
    },
    text(data, places) {
      if (taking !== undefined) {
        taking.text += data
        if (places !== undefined) extend(taking.places, places)
      } else if (frames.at(-1)?.name === 'pre') {
        let at = 0
        for (const line of data.split('\n')) {
          if (at > 0) flow.lineBreak()
          write(line, places?.slice(at, at + line.length))
          at += line.length + 1
        }
      } else write(data, places)
    },
    close() {
      const frame = frames.length > 1 ? (frames.pop() as Frame) : outside
      if (taking !== undefined) {
        if (frames.length >= taking.depth) return
        const done = taking
        taking = undefined
        endTaking(done)
        return
      }
      if (link !== undefined && frames.length < link.depth) {
        flow.link(link.start, link.target, link.superscript)
        link = undefined
      }
      if (cellElements.has(frame.name)) write(' ')
      if (!frame.block) return
      flow.endBlock()
      // A paragraph or item is a line or a stanza; what holds several of them ends the verse or begins another stanza.
      if (frame.verse && !/^(?:p|li|div)$/.test(frame.name)) flow.endVerse()
      else if (frame.verse && !(frames.at(-1) ?? outside).verse) flow.endVerse()
      if (frame.id !== undefined) extents.set(frame.id, flow.count())
    },
  }
}
