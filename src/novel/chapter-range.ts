import { Failure } from './failure.ts'

const mostChapters = 10_000

/** `1-3,7` → 1, 2, 3, 7, in order, each once. Throws `request.senseless`. */
export function parseChapters(text: string): number[] {
  const ranges = text.split(',').map((part): [number, number] => {
    const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part)
    const first = Number(match?.[1] ?? 0)
    const last = Number(match?.[2] ?? first)
    if (first < 1 || last < first || last > mostChapters) {
      throw new Failure('request.senseless', { detail: `"${part}" names no chapters; write them as 1-3,7` })
    }
    return [first, last]
  })
  const numbers: number[] = []
  for (const [first, last] of ranges.toSorted(([one], [other]) => one - other)) {
    for (let number = Math.max(first, (numbers.at(-1) ?? 0) + 1); number <= last; number++) {
      numbers.push(number)
    }
  }
  return numbers
}

/** 1, 2, 3, 7 → `1-3,7`. */
export function formatChapters(numbers: Iterable<number>): string {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
