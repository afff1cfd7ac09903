/** A novel with what a listener marked in it, in reading order. */
export interface MarkedNovel {
  readonly title: string
  readonly author: string
  readonly bookmarks: readonly {
    readonly chapterNumber: number
    readonly chapterTitle: string
    readonly quote: string
    readonly note: string
    readonly createdAt: string
  }[]
}

/** Bookmarks as Markdown (CommonMark): a section by novel and chapter, sentences as quotations, notes below them. */
export function bookmarksMarkdown(novels: readonly MarkedNovel[]): string {
  return novels.map(novelMarkdown).join('\n')
}

function novelMarkdown({ title, author, bookmarks }: MarkedNovel): string {
  const parts = [`# ${markdownLine(title)}`]
  if (author !== '') parts.push(markdownLine(author))
  let chapter: number | undefined
  for (const { chapterNumber, chapterTitle, quote, note, createdAt } of bookmarks) {
    if (chapterNumber !== chapter) parts.push(`## ${markdownLine(chapterTitle || String(chapterNumber))}`)
    chapter = chapterNumber
    parts.push(
      paragraphs(quote)
        .map((each) => `> ${each}`)
        .join('\n>\n'),
    )
    parts.push(...paragraphs(note), `*${createdAt.slice(0, 10)}*`)
  }
  return `${parts.join('\n\n')}\n`
}

/** A text as a line of Markdown in which no character has a meaning of its own. */
export function markdownLine(text: string): string {
  return escaped(text.replaceAll(/\s+/g, ' ').trim())
}

/** Line breaks within a paragraph are not kept by Markdown: each line is a paragraph. */
function paragraphs(text: string): string[] {
  return text
    .split(/\s*[\n\r\u2028\u2029]+\s*/)
    .filter((each) => each.trim() !== '')
    .map(markdownLine)
}

/** So that no character has a meaning of its own: https://spec.commonmark.org/0.31.2/#backslash-escapes. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>#|~&]/g, String.raw`\$&`)
    .replace(/^([-+=])/, String.raw`\$1`)
    .replace(/^(\d+)([.)])(?=\s|$)/, String.raw`$1\$2`)
}
