/** How the page writes a number: `2,000`. */
export function figure(n: number): string {
  return n.toLocaleString('en')
}

/** `1 chapter`, `1,400 chapters`. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${figure(n)} ${n === 1 ? noun : plural}`
}

/** `1,248 of 2,000 chapters`; without a noun `33 of 301`. */
export function partOf(done: number, total: number, noun?: string): string {
  return `${figure(done)} of ${noun === undefined ? figure(total) : counted(total, noun)}`
}
