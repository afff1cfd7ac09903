import { parseChapters, formatChapters } from '../novel/chapter-range.ts'
import { Failure } from '../novel/failure.ts'
import { parseByteSize } from './byte-size.ts'

/** Which of a novel is wanted; left out: all of it. */
export interface PartOptions {
  readonly part?: string | undefined
  readonly 'part-size'?: string | undefined
  readonly 'book-part'?: string | undefined
  readonly chapters?: string | undefined
}

type Query = Readonly<Record<string, string | undefined>>

/** What an address has to say for it; `maxBytes` needs the part's number as well. Throws `request.invalid`. */
export function partQuery(options: PartOptions): Query {
  const { part, 'part-size': size, 'book-part': bookPart, chapters } = options
  if (part !== undefined && size !== undefined) {
    throw new Failure('request.invalid', {
      detail: '--part and --part-size are two ways to divide a novel; choose one of them',
    })
  }
  return {
    ...(part !== undefined && parsePart(part)),
    ...(size !== undefined && { maxBytes: String(parseByteSize(size)) }),
    bookPart,
    ...(chapters !== undefined && { chapters: formatChapters(parseChapters(chapters)) }),
  }
}

/** `2/4`. */
function parsePart(text: string): Query {
  const [, part, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text.trim()) ?? []
  if (part !== undefined && of !== undefined) return { part, of }
  throw new Failure('request.invalid', { detail: `"${text}" is no part; write the second of four as 2/4` })
}
