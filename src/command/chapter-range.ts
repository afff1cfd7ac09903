import { Failure } from '../novel/failure.ts'

const mostChapters = 10_000

/** `1-3,7` → 1, 2, 3, 7. Throws `request.invalid`. */
export function parseChapters(text: string): number[] {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part)
    const first = Number(match?.[1] ?? 0)
    const last = Number(match?.[2] ?? first)
    if (first < 1 || last < first || last > mostChapters) {
      throw new Failure('request.invalid', { detail: `"${text}" names no chapters; write them as 1-3,7` })
    }
    for (let number = first; number <= last; number++) numbers.add(number)
  }
  return [...numbers].toSorted((one, other) => one - other)
}
