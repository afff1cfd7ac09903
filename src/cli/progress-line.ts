import type { ProgressBrief } from '../http/contract/generation-contract.ts'

const cells = 30

/** `1 h 5 min`, `3 min`, `12 s`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `63 MB`. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
}

/** Segments done, speed, time left, and why nothing progresses. */
function progressNotes(progress: ProgressBrief): string[] {
  const { segmentsDone, segmentsTotal, realTimeFactor, etaSeconds, waiting, status } = progress
  const notes = [`${segmentsDone}/${segmentsTotal}`]
  if (realTimeFactor !== null) notes.push(`${realTimeFactor} × real time`)
  if (etaSeconds !== null) notes.push(`${formatDuration(etaSeconds)} left`)
  if (status === 'paused') notes.push('paused')
  if (waiting !== null) notes.push(waiting)
  return notes
}

/** On a terminal overwrites its line; elsewhere (a log, a pipe) prints a line for every ten per cent. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  #lastTenth = -1
  #ended = false

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
  }

  /** `fraction` is 0 to 1. */
  draw(fraction: number, notes: readonly string[]): void {
    const filled = Math.floor(fraction * cells)
    // Rounded down, so that 100 % appears only when everything is done.
    const percent = (Math.floor(fraction * 1000) / 10).toFixed(1)
    const line = [`${'█'.repeat(filled)}${'░'.repeat(cells - filled)}`, `${percent} %`, ...notes].join('  ')
    if (this.#stream.isTTY) {
      this.#stream.write(`\r${line.slice(0, this.#stream.columns - 1)}\u001B[K`)
      return
    }
    const tenth = Math.floor(fraction * 10)
    if (tenth === this.#lastTenth) return
    this.#lastTenth = tenth
    this.#stream.write(`${line}\n`)
  }

  drawProgress(progress: ProgressBrief): void {
    const { segmentsDone, segmentsTotal } = progress
    this.draw(segmentsTotal === 0 ? 0 : segmentsDone / segmentsTotal, progressNotes(progress))
  }

  end(): void {
    if (this.#stream.isTTY && !this.#ended) this.#stream.write('\n')
    this.#ended = true
  }
}
