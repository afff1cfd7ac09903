import type { SkipReason } from '../../novel/novel.ts'
import { resolveHref, webAddress, type LinkTarget } from '../link-target.ts'
import { cleanText, extendTrace } from '../clean-text.ts'
import { blockFlow, type BlockFlow, rubyReader } from './block-flow.ts'
import { childContext, rootContext, type ElementContext, type DocumentStyles } from './element-context.ts'
import { beginsLine, namesChapter, readSuperscript } from './inline-typography.ts'
import {
  alternativeText,
  blockElements,
  cellElements,
  headingLevel,
  isAsideNote,
  isMark,
  isVerse,
  mathTokens,
  reasonToRemove,
  semanticTypes,
  type Attributes,
} from './xhtml-vocabulary.ts'

export interface BodyReader {
  open(name: string, attributes: Attributes): void
  /** `places`: for each UTF-16 unit its offset in the document, when tracing. */
  text(data: string, places?: readonly number[]): void
  close(): void
  readonly flow: BlockFlow
  /** By id, the index of the draft after each block-level element. */
  readonly extents: ReadonlyMap<string, number>
  /**
   * UTF-16 units of text; units of them in links to other documents; number of such links; units hidden by a
   * stylesheet.
   */
  readonly counts: { characters: number; linked: number; links: number; hidden: number }
}

interface OpenRemoval {
  /** Where a note reference points to, or a note is. */
  readonly target: LinkTarget | undefined
  readonly depth: number
  readonly reason: SkipReason
  readonly label: string
  readonly apart: boolean
  readonly places: number[]
  /** Removed because of a stylesheet. */
  readonly styled: boolean
  /** Set if the text is hidden only from sight, or only from screen readers. */
  readonly hiddenFrom: 'sight' | 'screen-reader' | undefined
  text: string
  /** The image file that an SVG shows. */
  picture?: string | undefined
}

const raisedEnd = /[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿºª]\s*$/

/** A picture in a heading. */
interface Picture {
  readonly alt: string
  readonly picture: string | undefined
}

/** Handles the element events of a document's body; `file` is the document's path in the archive. */
export function bodyReader(
  file: string,
  { traced, styles }: { readonly traced: boolean; readonly styles: DocumentStyles },
): BodyReader {
  const flow = blockFlow({ traced })
  const frames: ElementContext[] = [{ ...rootContext }]
  const extents = new Map<string, number>()
  const counts = { characters: 0, linked: 0, links: 0, hidden: 0 }
  const ruby = rubyReader(flow)
  /** The open heading: the number of blocks before it, and the pictures in it. */
  let heading: { readonly depth: number; readonly count: number; readonly pictures: Picture[] } | undefined
  /** A drop cap in a block of its own is pending, and begins the next block. */
  let dropCapPending = false
  /** Offset at which an inline element of a heading ended; another one directly after it may begin a new line. */
  let inlineEnd = -1
  /** The last text hidden only from sight or only from screen readers, with its position. */
  let hidden: { readonly pair: string; readonly hiddenFrom: 'sight' | 'screen-reader' } | undefined
  let removal: OpenRemoval | undefined
  let link:
    | { depth: number; start: number; target: LinkTarget | { readonly href: string }; superscript: boolean }
    | undefined

  const top = (): ElementContext => frames.at(-1) as ElementContext

  function write(data: string, places?: readonly number[]): void {
    if (!/\S/.test(data)) return flow.write(data, top(), places)
    counts.characters += data.length
    if (link !== undefined && 'file' in link.target && link.target.file !== file) counts.linked += data.length
    flow.write(data, top(), places)
  }

  /** An initial drawn as an image is the first letter of its word; any other image is removed. */
  function image(alt: string, picture: string | undefined): void {
    if (/^\p{L}$/u.test(alt) && flow.offset() === 0) write(alt)
    else if (heading !== undefined) heading.pictures.push({ alt: cleanText(alt), picture })
    else flow.remove('image', cleanText(alt), false, { picture })
  }

  function endHeading({ count, pictures }: NonNullable<typeof heading>, frame: ElementContext): void {
    const isEmpty = flow.count() === count && flow.offset() === 0
    const words = isEmpty ? pictures.flatMap(({ alt }) => (namesChapter(alt) ? alt : [])).join(' ') : ''
    if (words !== '') flow.write(words, frame)
    else if (isEmpty && pictures.length > 0) flow.pictureHeading(frame)
    for (const { alt, picture } of pictures)
      if (words === '') flow.remove('image', alt, false, { picture })
      // Its words are the heading's.
      else if (picture !== undefined) flow.remove('image', '', false, { picture })
  }

  function enter(frame: ElementContext, parent: ElementContext, attributes: Attributes): void {
    const { name } = frame
    if (name === 'br') flow.lineBreak()
    else if (name === 'hr') flow.sceneBreak(frame)
    else if (name === 'img') image((attributes['alt'] ?? '').trim(), pathOf(attributes['src']))
    else if (name === 'sup' && link !== undefined) link.superscript = true
    else if (name === 'ruby' || name === 'rb') ruby.open(name)
    else if (parent.name === 'mfrac' && parent.children === 2) write('/')
    else if (name === 'msqrt') write(' √')
    else if (mathTokens.has(name) && flow.offset() > 0 && !frame.sup && !/[/√]$/.test(flow.tail())) write(' ')
    else if (name === 'span' && frame.verse && !parent.inSpan) flow.verseSpan()
    else if (name === 'a' && attributes['href'] !== undefined && link === undefined) {
      const target = resolveHref(file, attributes['href']) ?? webAddress(attributes['href'])
      if (target === undefined) return
      link = { depth: frames.length, start: flow.offset(), target, superscript: frame.sup }
      if ('file' in target && target.file !== file) counts.links += 1
    }
  }

  const pathOf = (href: string | undefined): string | undefined =>
    href === undefined ? undefined : resolveHref(file, href)?.file

  function endRemoval(removed: OpenRemoval, name: string): void {
    const { reason, text, places, label, apart, styled, hiddenFrom, target, picture } = removed
    const clean = cleanText(text).trim()
    if (styled) counts.hidden += clean.length
    if (name === 'rt' && ruby.read(clean)) return
    // The same words once for sight and once for screen readers are read only once.
    const pair = `${flow.count()} ${flow.offset()} ${clean}`
    const isPair = hiddenFrom !== undefined && hidden?.pair === pair && hidden.hiddenFrom !== hiddenFrom
    if (isPair || !isMark(reason, clean)) write(text, places)
    else if (clean !== '' || label !== '' || reason === 'image')
      flow.remove(reason, (clean === '' ? cleanText(label).trim() : clean).normalize('NFC'), apart, {
        target,
        picture,
      })
    hidden = hiddenFrom === undefined ? undefined : { pair, hiddenFrom }
  }

  function beginRemoval(
    reason: SkipReason,
    { block, style, id }: ElementContext,
    attributes: Attributes,
    styled: boolean,
  ): void {
    const label = attributes['title'] ?? attributes['aria-label'] ?? ''
    const hiddenFrom = styled
      ? style.offPage
        ? 'sight'
        : undefined
      : attributes['aria-hidden'] === 'true'
        ? 'screen-reader'
        : undefined
    const href = { 'note-reference': attributes['href'], note: id && `#${id}` }[reason as string]
    const target = href === undefined ? undefined : resolveHref(file, href)
    const depth = frames.length
    removal = { depth, reason, text: '', places: [], label, apart: block, styled, hiddenFrom, target }
  }

  return {
    flow,
    extents,
    counts,
    open(name, attributes) {
      const parent = top()
      parent.children += 1
      const own = semanticTypes(attributes)
      const block = blockElements.has(name)
      const verse = block && isVerse(own, attributes)
      const { style, styled } = styles.styleFor(name, attributes, parent)
      const level = headingLevel(name, own, attributes, parent.inGroup)
      const frame = childContext(name, attributes, own, parent, { style, styled })
      frames.push(frame)
      const alternative = alternativeText(name, own, attributes)
      const markedReason = removal === undefined ? reasonToRemove(name, own, attributes) : undefined
      // A heading outside of the page is for screen readers: a picture stands in its place.
      const isHidden = style.hidden || (style.offPage && level === 0)
      const reason =
        markedReason ?? (isHidden ? 'hidden' : name === 'math' && alternative !== '' ? 'markup' : undefined)
      if (removal !== undefined) {
        if (name === 'image') removal.picture ??= pathOf(attributes['xlink:href'] ?? attributes['href'])
        const replacement = name === 'img' ? (attributes['alt'] ?? '') : alternative
        if (replacement !== '' || block || name === 'br' || cellElements.has(name)) {
          removal.text += ` ${replacement}`
          for (let unit = 0; unit <= replacement.length; unit += 1) removal.places.push(-1)
        }
      } else if (block && (reason === undefined || isAsideNote(name, own))) {
        if (dropCapPending && /^(?:p|div)$/.test(name) && level === 0) dropCapPending = false
        else {
          dropCapPending = false
          flow.endBlock()
          if (verse) flow.endVerse()
        }
      }
      if (frame.id !== undefined) flow.anchor(frame.id)
      if (removal !== undefined) return
      if (block && level > 0 && reason === undefined)
        heading ??= { depth: frames.length, count: flow.count(), pictures: [] }
      if (alternative !== '' && reason === 'markup') write(alternative)
      frame.begin = { offset: flow.offset(), count: flow.count() }
      if (reason !== undefined) beginRemoval(reason, frame, attributes, markedReason === undefined)
      else enter(frame, parent, attributes)
    },
    text(data, places) {
      const frame = top()
      if (removal !== undefined) {
        removal.text += data
        if (places !== undefined) extendTrace(removal.places, places)
        return
      }
      const blank = !/\S/.test(data)
      // White space between a drop cap's block and the next belongs to neither.
      if (blank && dropCapPending) return
      if (!blank && frame.style.concealed) {
        const clean = cleanText(data).trim()
        counts.hidden += clean.length
        flow.remove('hidden', clean.normalize('NFC'), false)
        return
      }
      if (!blank && frame.level > 0 && inlineEnd >= 0 && inlineEnd === flow.offset() && !frame.block)
        if (beginsLine(flow.tail(), data)) flow.endBlock()
      if (!blank) {
        inlineEnd = -1
        dropCapPending = false
      }
      if (frame.pre) {
        let at = 0
        for (const line of data.split('\n')) {
          if (at > 0) flow.lineBreak()
          write(line, places?.slice(at, at + line.length))
          at += line.length + 1
        }
        return
      }
      if (frame.sup && link === undefined && !blank) {
        const raised = readSuperscript(data, flow.tail())
        if ('mark' in raised) flow.remove('note-reference', cleanText(data).trim().normalize('NFC'), false)
        else write(raised.text, places)
        return
      }
      if (frame.name === 'sub' && /^\d/.test(data)) flow.lowerHalf()
      write(data, places)
    },
    close() {
      const frame = frames.length > 1 ? (frames.pop() as ElementContext) : rootContext
      if (removal !== undefined) {
        if (frames.length >= removal.depth) return
        const done = removal
        removal = undefined
        endRemoval(done, frame.name)
        return
      }
      if (link !== undefined && frames.length < link.depth) {
        if ('file' in link.target) flow.link(link.start, link.target, link.superscript)
        else flow.mark(link.start, 'link', link.target)
        link = undefined
      }
      if (frame.name === 'ruby' || frame.name === 'rb') ruby.close(frame.name)
      // A power has signs of its own.
      const isRaised = frame.mark === 'superscript' && raisedEnd.test(flow.tail())
      const kind = isRaised ? undefined : frame.mark
      // What begins in one block and ends in another is set apart in none.
      const begin = frame.begin?.count === flow.count() ? frame.begin.offset : undefined
      if (kind !== undefined && begin !== undefined) flow.mark(begin, kind)
      if (frame.sounds !== undefined && begin !== undefined) flow.sounds(begin, frame.sounds)
      if (cellElements.has(frame.name)) write(' ')
      if (!frame.block) {
        flow.endInline()
        if (frame.level > 0) inlineEnd = flow.offset()
        return
      }
      if (heading !== undefined && frames.length < heading.depth) {
        endHeading(heading, frame)
        heading = undefined
      }
      if (frame.dropCap && flow.isInitial()) {
        dropCapPending = true
        return
      }
      flow.endBlock()
      // A `p`, `li` or `div` is a line or a stanza; an element around several of them ends the verse or begins another
      // stanza.
      if (frame.verse && !/^(?:p|li|div)$/.test(frame.name)) flow.endVerse()
      else if (frame.verse && !top().verse) flow.endVerse()
      if (frame.id !== undefined) extents.set(frame.id, flow.count())
    },
  }
}
