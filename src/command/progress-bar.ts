import type { ProgressBrief } from '../http/contract.ts'

const cells = 30

/** `1 h 5 min`, `3 min`, `12 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** One line: bar, per cent, segments, speed, time left. */
function progressLine(progress: ProgressBrief): string {
  const { segmentsDone, segmentsTotal, percent, realTimeFactor, etaSeconds, waiting, status } = progress
  const filled = segmentsTotal === 0 ? 0 : Math.floor((segmentsDone / segmentsTotal) * cells)
  const parts = [
    `${'█'.repeat(filled)}${'░'.repeat(cells - filled)}`,
    `${percent.toFixed(1)} %`,
    `${segmentsDone}/${segmentsTotal}`,
  ]
  if (realTimeFactor !== null) parts.push(`${realTimeFactor} × real time`)
  if (etaSeconds !== null) parts.push(`${duration(etaSeconds)} left`)
  if (status === 'paused') parts.push('paused')
  if (waiting !== null) parts.push(waiting)
  return parts.join('  ')
}

/** Draws over the line before on a terminal; elsewhere (a log, a pipe) prints a line for every ten per cent. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream
  #lastTenth = -1

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
  }

  draw(progress: ProgressBrief): void {
    const line = progressLine(progress)
    if (this.#stream.isTTY) {
      this.#stream.write(`\r${line.slice(0, this.#stream.columns - 1)}\u001B[K`)
      return
    }
    const tenth = Math.floor(progress.percent / 10)
    if (tenth === this.#lastTenth) return
    this.#lastTenth = tenth
    this.#stream.write(`${line}\n`)
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\n')
  }
}
