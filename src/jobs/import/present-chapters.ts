import { createHash } from 'node:crypto'
import type { Block } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { PresentChapter } from './reread-messages.ts'

type ChapterHead = Pick<PresentChapter, 'title' | 'part' | 'narrated'>

/** The chapters that a novel has, as numbers for its texts, so that a reader holds none of these. */
export class PresentChapters {
  readonly heads: ChapterHead[] = []
  /** Of each chapter what is spoken in its segments. */
  readonly spoken: number[][] = []
  /** Of each chapter the texts of its blocks. */
  readonly blocks: number[][] = []
  /** Of each chapter the letters of its text. */
  readonly letters: string[] = []
  readonly #numbers = new Map<string, number>()
  /** The chapters by a checksum of all that is stored of their texts. */
  readonly #byText = new Map<string, number[]>()
  #opens = false

  /** Novels imported before there was silence before chapters have none. */
  get opens(): boolean {
    return this.#opens
  }

  add({ title, part, narrated, blocks, skips, segments }: PresentChapter): void {
    const own = JSON.parse(segments) as Segment[]
    if (own[0]?.opening === true) this.#opens = true
    this.spoken.push(own.map((segment) => this.numberOf(segment.spoken)))
    const texts = (JSON.parse(blocks) as Block[]).map(({ text }) => text)
    this.blocks.push(texts.map((text) => this.numberOf(text)))
    this.letters.push(lettersOf(texts))
    const key = checksum({ blocks, skips, segments })
    const at = this.heads.push({ title, part, narrated }) - 1
    this.#byText.set(key, [...(this.#byText.get(key) ?? []), at])
  }

  /** The same number for the same text. */
  numberOf(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.#numbers.size)
    return this.#numbers.size - 1
  }

  /** Takes the chapter that has exactly this text; `at`: only that one may be it. Each is taken once. */
  withText(stored: StoredChapter, at: number | undefined): number | undefined {
    const known = this.#byText.get(checksum(stored)) ?? []
    const index = at === undefined ? 0 : known.indexOf(at)
    return index < 0 ? undefined : known.splice(index, 1)[0]
  }
}

/** A checksum of the letters and digits of a text, however it is divided into blocks. */
export function lettersOf(texts: readonly string[]): string {
  const hash = createHash('sha1')
  for (const text of texts) hash.update(text.replaceAll(/[^\p{L}\p{N}]+/gu, ''))
  return hash.digest('base64')
}

function checksum({ blocks, skips, segments }: Pick<StoredChapter, 'blocks' | 'skips' | 'segments'>): string {
  const hash = createHash('sha1')
  for (const text of [blocks, skips, segments]) hash.update(`${text.length}\n`).update(text)
  return hash.digest('base64')
}
