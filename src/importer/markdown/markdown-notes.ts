import type { MarkdownIt, StateCore, StateInline, Token } from 'markdown-it'

/** What `markdown-it-footnote` keeps of the notes of a text. */
interface Notes {
  /** By colon and label: the number of the note, -1 as long as nothing refers to it. */
  readonly refs?: Record<string, number>
  list?: { label?: string; content?: string; tokens?: Token[]; count?: number }[]
}

const notesOf = (state: StateCore | StateInline): Notes | undefined =>
  (state.env as { footnotes?: Notes }).footnotes

/** CommonMark’s limit for the labels of links. */
const reference = /\[\^([^\] \n]{1,999})\]/y

/** UTF-16 units of a note that is written within the text. */
const longestInline = 1_000

/**
 * Replaces rules of `markdown-it-footnote`: its own compare each note with each, look for the end of each up to the end of the
 * paragraph, and lose notes that nothing refers to.
 */
export function boundedNotes(parser: MarkdownIt): void {
  parser.inline.ruler.at('footnote_inline', noteWithin)
  parser.inline.ruler.at('footnote_ref', noteReference)
  parser.core.ruler.at('footnote_tail', placeNotes)
}

/** A note within the text, `^[words]`, in which there is no other. */
function noteWithin(state: StateInline, silent: boolean): boolean {
  const { src, pos: start, md } = state
  const env = state.env as { footnotes?: Notes; inNote?: boolean }
  if (!src.startsWith('^[', start) || env.inNote === true) return false
  const end = closingBracket(src, start + 2, Math.min(state.posMax, start + longestInline))
  if (end === undefined) return false
  if (!silent) {
    const notes = (env.footnotes ??= {})
    notes.list ??= []
    const content = src.slice(start + 2, end)
    const tokens: Token[] = []
    env.inNote = true
    md.inline.parse(content, md, env, tokens)
    env.inNote = false
    state.push('footnote_ref', '', 0).meta = { id: notes.list.length }
    notes.list.push({ content, tokens })
  }
  state.pos = end + 1
  return true
}

/** Where the bracket that was opened before `from` is closed. */
function closingBracket(text: string, from: number, to: number): number | undefined {
  let open = 1
  for (let at = from; at < to; at++) {
    const sign = text.charAt(at)
    if (sign === '\\') at++
    else if (sign === '[') open++
    else if (sign === ']' && --open === 0) return at
  }
  return undefined
}

function noteReference(state: StateInline, silent: boolean): boolean {
  const notes = notesOf(state)
  if (notes?.refs === undefined || state.src.charAt(state.pos) !== '[') return false
  reference.lastIndex = state.pos
  const [{ length } = '', label = ''] = reference.exec(state.src) ?? []
  const known = notes.refs[`:${label}`]
  if (known === undefined || state.pos + length > state.posMax) return false
  if (!silent) {
    notes.list ??= []
    const id = known < 0 ? notes.list.length : known
    if (known < 0) {
      notes.list.push({ label })
      notes.refs[`:${label}`] = id
    }
    state.push('footnote_ref', '', 0).meta = { id, label }
  }
  state.pos += length
  return true
}

/** Takes the words of the notes out of the text, and sets them behind it in the order of their references. */
function placeNotes(state: StateCore): void {
  const notes = notesOf(state)
  if (notes === undefined) return
  const text: Token[] = []
  const bodies = new Map<string, Token[]>()
  const open: Token[][] = []
  for (const token of state.tokens) {
    if (token.type === 'footnote_reference_open') {
      const label = String(token.meta?.['label'])
      const body = bodies.get(label) ?? []
      bodies.set(label, body)
      open.push(body)
    } else if (token.type === 'footnote_reference_close') open.pop()
    else (open.at(-1) ?? text).push(token)
  }
  const place = (id: number, label: string | undefined, body: readonly Token[]): void => {
    const start = new state.Token('footnote_open', '', 1)
    start.meta = { id, label }
    text.push(start)
    for (const token of body) text.push(token)
    text.push(new state.Token('footnote_close', '', -1))
  }
  const list = notes.list ?? []
  for (const [id, { label, content = '', tokens }] of list.entries()) {
    if (tokens !== undefined) place(id, label, paragraphOf(state, content, tokens))
    else if (label !== undefined) {
      place(id, label, bodies.get(label) ?? [])
      bodies.delete(label)
    }
  }
  for (const [index, [label, body]] of [...bodies].entries()) place(list.length + index, label, body)
  state.tokens = text
}

/** The words of a note that is written within the text. */
function paragraphOf(state: StateCore, content: string, children: Token[]): Token[] {
  const words = new state.Token('inline', '', 0)
  words.content = content
  words.children = children
  return [new state.Token('paragraph_open', 'p', 1), words, new state.Token('paragraph_close', 'p', -1)]
}
