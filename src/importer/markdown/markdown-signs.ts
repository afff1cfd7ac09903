import type { FileSigns } from '../book-format.ts'
import { decode } from '../encodings/text-decoding.ts'
import { foreignFormat, isZip } from '../foreign-formats.ts'
import { frontMatterEnd } from './front-matter.ts'

const atxHeading = /^ {0,3}#{1,6}\s+(\S.*?)\s*#*\s*$/
const inlineSign = /\*\*\S|\]\((?:https?:|[\w./#-]+\))|\[\^[\w-]+\]|!\[/
/** Longer lines are no headings. */
const longestHeading = 200
/** Longer lines are not looked through. */
const longestLine = 2_000

/** Whether a file's beginning is that of a Markdown text. */
export function isMarkdownFile({ head, start }: FileSigns): boolean {
  if (isZip(head) || foreignFormat(head) !== undefined) return false
  const text = decode(start ?? head)?.text
  return text !== undefined && isMarkdown(text.split(/\r\n|[\n\r]/))
}

/** Whether lines are Markdown: front matter, two headings with `#`, or one and another Markdown construct. */
function isMarkdown(lines: readonly string[]): boolean {
  if (frontMatterEnd(lines) > 0) return true
  let headings = 0
  let signs = 0
  for (const line of lines) {
    if (line.length <= longestHeading && isHeading(line)) headings += 1
    else if (signs === 0 && line.length < longestLine && inlineSign.test(line)) signs += 1
    if (headings >= 2 || (headings === 1 && signs > 0)) return true
  }
  return false
}

function isHeading(line: string): boolean {
  const text = atxHeading.exec(line)?.[1]
  return text !== undefined && /[\p{L}\p{N}]/u.test(text)
}
