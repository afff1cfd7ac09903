import type { Block, Skip } from './block.ts'

/** Which part of the book a chapter belongs to; only the body is narrated unless the listener says otherwise. */
export type Matter = 'front' | 'body' | 'back'

/** A chapter as the importer found it. Its number is its place in reading order, from 1. */
export interface Chapter {
  readonly title: string
  /** The titles of the parts it stands in, outermost first, joined by ` · `. */
  readonly part?: string
  readonly matter: Matter
  readonly blocks: readonly Block[]
  readonly skips: readonly Skip[]
}

/** How many UTF-16 units of text a chapter has. */
export function characterCount(chapter: Pick<Chapter, 'blocks'>): number {
  return chapter.blocks.reduce((sum, block) => sum + block.text.length, 0)
}
