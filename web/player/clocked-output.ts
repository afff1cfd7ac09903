import type { AudioEvent, AudioOutput, FragmentSink, Span } from './audio-output.ts'

/** An output without a speaker, for tests: its sound runs by `Date.now()`, a quarter of a second at a time. */
export class ClockedOutput implements AudioOutput {
  readonly canStream = true
  readonly #listeners = new Set<(event: AudioEvent) => void>()
  #paused = true
  #time = 0
  #at = Date.now()
  #file: number | undefined
  #sink: ClockedSink | undefined
  rate = 1
  volume = 1
  seeking = false
  /** Lengths of files in seconds, by a part of their address. */
  static lengths: Readonly<Record<string, number>> = {}

  constructor() {
    setInterval(() => this.#run(), 250)
  }

  get time(): number {
    this.#advance()
    return this.#time
  }

  set time(seconds: number) {
    this.#time = seconds
    this.#at = Date.now()
    this.#tell('time')
  }

  get paused(): boolean {
    return this.#paused
  }

  get ended(): boolean {
    return this.#end !== undefined && this.#time >= this.#end
  }

  get buffered(): readonly Span[] {
    return this.#file === undefined ? (this.#sink?.buffered ?? []) : [{ from: 0, to: this.#file }]
  }

  get loaded(): boolean {
    return this.#file !== undefined || this.#sink !== undefined
  }

  get #end(): number | undefined {
    return this.#file ?? (this.#sink?.ended ? this.#sink.buffered.at(-1)?.to : undefined)
  }

  listen(listener: (event: AudioEvent) => void): void {
    this.#listeners.add(listener)
  }

  unlock(): void {
    // A test presses nothing.
  }

  load(address: string, at: number): void {
    this.clear()
    this.#file = Object.entries(ClockedOutput.lengths).find(([part]) => address.includes(part))?.[1] ?? 60
    this.#time = at
  }

  stream(at: number): FragmentSink {
    this.clear()
    this.#time = at
    this.#sink = new ClockedSink()
    return this.#sink
  }

  clear(): void {
    this.#paused = true
    this.#file = undefined
    this.#sink = undefined
    this.#time = 0
  }

  async play(): Promise<void> {
    if (!this.#paused) return
    this.#paused = false
    this.#at = Date.now()
  }

  pause(): void {
    this.#advance()
    if (this.#paused) return
    this.#paused = true
    this.#tell('paused')
  }

  #advance(): void {
    const now = Date.now()
    const here = this.buffered.find(({ from, to }) => from <= this.#time + 0.05 && to > this.#time)
    if (!this.#paused && here)
      this.#time = Math.min(here.to, this.#time + ((now - this.#at) / 1000) * this.rate)
    this.#at = now
  }

  #run(): void {
    const before = this.#time
    this.#advance()
    if (this.#paused) return
    this.#tell(this.#time > before ? 'time' : 'starved')
    if (!this.ended) return
    this.#paused = true
    this.#tell('paused')
    this.#tell('ended')
  }

  #tell(event: AudioEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

class ClockedSink implements FragmentSink {
  readonly opened = Promise.resolve()
  #buffered: Span[] = []
  ended = false

  get buffered(): readonly Span[] {
    return this.#buffered
  }

  async begin(): Promise<void> {
    // It needs to know nothing.
  }

  async append(_: ArrayBuffer, { from, to }: Span): Promise<void> {
    this.ended = false
    const last = this.#buffered.at(-1)
    if (last && Math.abs(last.to - from) < 0.001) this.#buffered.splice(-1, 1, { from: last.from, to })
    else this.#buffered.push({ from, to })
  }

  async remove({ to }: Span): Promise<void> {
    this.#buffered = this.#buffered.flatMap((span) =>
      span.to <= to ? [] : [{ from: Math.max(span.from, to), to: span.to }],
    )
  }

  end(): void {
    this.ended = true
  }

  close(): void {
    this.#buffered = []
  }
}
