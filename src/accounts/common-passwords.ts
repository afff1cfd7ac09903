import { readFileSync } from 'node:fs'

/** One a line, below a line of dashes. */
const listed = new URL('common-passwords.txt', import.meta.url)
const begin = '\n-----\n'

let known: ReadonlySet<string> | undefined

/** Whether a password, as `nameKeyOf` writes it, is among the 4000 that are the most common of those long enough. */
export function isCommonPassword(plain: string): boolean {
  known ??= readList()
  return known.has(plain)
}

function readList(): ReadonlySet<string> {
  const text = readFileSync(listed, 'utf8')
  return new Set(
    text
      .slice(text.indexOf(begin) + begin.length)
      .split('\n')
      .filter(Boolean),
  )
}
