import { markdownLine } from '../../exports/bookmarks/bookmarks-markdown.ts'
import type { ImportState } from '../../novel/import-state.ts'
import type { ImportFileView, ImportView } from '../contract/import-batch-contract.ts'

/** In the order in which a reader wants to know: what has to be done first. */
const headings: readonly (readonly [ImportState, string])[] = [
  ['refused', 'Not taken in'],
  ['version', 'Other versions of novels on the shelf, to be looked at'],
  ['added', 'New on the shelf'],
  ['known', 'There already'],
  ['unchanged', 'There already, in another file without a change'],
  ['unpacked', 'Unpacked: their books are files of their own'],
  ['reading', 'Being read'],
  ['waiting', 'Waiting'],
  ['sending', 'Not sent yet'],
]

/** An import to be kept: what became of each file, by what there is to do about it. */
export function importMarkdown({ createdAt, total, done, files }: ImportView): string {
  const parts = [
    `# Import of ${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    `${done} of ${total} files done.`,
  ]
  for (const [state, heading] of headings) {
    const some = files.filter((file) => file.state === state)
    if (some.length === 0) continue
    parts.push(`## ${heading} (${some.length})`, some.map(fileLine).join('\n'))
  }
  return `${parts.join('\n\n')}\n`
}

function fileLine({ name, title, author, trouble, novelId, state }: ImportFileView): string {
  const line = `- ${markdownLine(name)}`
  if (trouble) return `${line}: ${markdownLine(trouble.error)}`
  if (title !== null) return `${line}: *${markdownLine(title)}*${author ? `, ${markdownLine(author)}` : ''}`
  const isOver = ['added', 'known', 'version', 'unchanged'].includes(state)
  return novelId === null && isOver ? `${line}: its novel is not on the shelf any more` : line
}
