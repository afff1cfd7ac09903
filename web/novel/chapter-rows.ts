import type { ChapterListed } from '../../src/http/contract.ts'

export type ChapterRowModel =
  | { readonly kind: 'heading'; readonly title: string }
  | { readonly kind: 'chapter'; readonly chapter: ChapterListed }

const matterTitles = { front: 'Before the story', body: 'The story', back: 'After the story' } as const

/** The list of chapters with a heading wherever a new part, or what stands before and after the story, begins. */
export function chapterRows(chapters: readonly ChapterListed[], search = ''): ChapterRowModel[] {
  const wanted = search.trim().toLowerCase()
  const mixed = new Set(chapters.map((chapter) => chapter.matter)).size > 1
  const rows: ChapterRowModel[] = []
  let before: string | undefined
  let begun = false
  for (const chapter of chapters) {
    if (chapter.matter === 'body') begun = true
    if (wanted !== '' && !matches(chapter, wanted)) continue
    // A dedication behind the preface stands in the story, where the reader meets it.
    const within = begun && chapter.matter === 'front'
    const title = chapter.part ?? (within ? before : mixed ? matterTitles[chapter.matter] : undefined)
    if (title !== undefined && title !== before) rows.push({ kind: 'heading', title })
    before = title
    rows.push({ kind: 'chapter', chapter })
  }
  return rows
}

function matches(chapter: ChapterListed, wanted: string): boolean {
  return String(chapter.number) === wanted || chapter.title.toLowerCase().includes(wanted)
}
