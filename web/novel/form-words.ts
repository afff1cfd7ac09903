import { t } from '@lingui/core/macro'
import type { ExportForm } from '../../src/http/contract/export-contract.ts'

type Words = Pick<ExportForm, 'title' | 'what'>

/** What a form is called and for; one that this page does not know is told in the server's words. */
export function formWords({ form, title, what }: Pick<ExportForm, 'form' | 'title' | 'what'>): Words {
  const words: Readonly<Record<string, Words>> = {
    m4b: {
      title: t`Audiobook (M4B)`,
      what: t`One file with chapters and cover for Apple Books, audiobookshelf, Smart AudioBook Player and others.`,
    },
    chapters: {
      title: t`Chapters (M4A)`,
      what: t`A file for each chapter, for players that know no chapters or to hear a single one.`,
    },
    epub: {
      title: t`Read along (EPUB 3)`,
      what: t`Book and sound in one, each sentence lit as it is heard: for Thorium, Readest, Storyteller and Apple Books.`,
    },
    mp3: {
      title: t`Chapters (MP3, zip)`,
      what: t`For old players, cars and radios: a tagged file for each chapter, recorded when it is asked for.`,
    },
    opus: {
      title: t`Chapters (Opus, zip)`,
      what: t`For modern players, in the open format made for speech: a tagged file for each chapter.`,
    },
    vtt: {
      title: t`Subtitles`,
      what: t`What is said and when, for players that show it along with the audiobook.`,
    },
  }
  return words[form] ?? { title, what }
}
