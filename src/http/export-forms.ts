import type { NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import { bookAudio } from '../listening/book-audio.ts'
import type { BookChapters } from '../listening/book-chapters.ts'
import type { BookLayouts } from '../listening/book-layouts.ts'
import type { ExportForm } from './export-contract.ts'

/** A novel in the voice and speed that somebody wants to take along. */
export interface Wanted {
  readonly studio: Studio
  readonly layouts: BookLayouts
  readonly novel: NovelRow
  readonly chapters: BookChapters
  /** The voice and speed that were asked for, as they end an address: `?voice=…`; empty for the novel's own. */
  readonly sound: string
}

/** What tells the forms apart; how many chapters are ready, and how long they are, is the same for all. */
type Told = Pick<ExportForm, 'form' | 'title' | 'what' | 'bytes' | 'address'>

/** Every form, in the order in which it is offered. */
export const exportForms: readonly ((wanted: Wanted) => Told | Promise<Told>)[] = [m4b, chapterFiles]

async function m4b({ studio, layouts, novel, chapters, sound }: Wanted): Promise<Told> {
  const bytes = chapters.ready.length === 0 ? null : (await bookAudio(studio, layouts, novel, chapters)).size
  return {
    form: 'm4b',
    title: 'Audiobook (M4B)',
    what: 'One file with chapters and cover for Apple Books, audiobookshelf, Smart AudioBook Player and others.',
    bytes,
    address: `/api/novels/${novel.id}/book.m4b${sound}`,
  }
}

function chapterFiles({ novel, sound }: Wanted): Told {
  return {
    form: 'chapters',
    title: 'Chapters (M4A)',
    what: 'A file for each chapter, for players that know no chapters or to hear a single one.',
    bytes: null,
    address: `/api/novels/${novel.id}/chapters/{number}/audio.m4a${sound}`,
  }
}
