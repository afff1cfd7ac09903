/** A stretch of sound, in seconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * `time`: the clock moved, or was moved; `playing`: sound comes out; `paused`: it was stopped, by whomever; `starved`:
 * nothing is there to go on with; `broken`: it could not be fetched; `undecodable`: it could not be read.
 */
export type AudioEvent = 'time' | 'playing' | 'paused' | 'starved' | 'ended' | 'broken' | 'undecodable'

/** Takes the fragments of a stream, one at a time: each call waits for the one before it. */
export interface FragmentSink {
  readonly opened: Promise<void>
  readonly buffered: readonly Span[]
  /** What all fragments begin with. Comes first. */
  begin(init: ArrayBuffer): Promise<void>
  /** Places a fragment. What of it would be heard after `to` is cut off. */
  append(fragment: ArrayBuffer, at: Span): Promise<void>
  remove(span: Span): Promise<void>
  /** Nothing follows: the sound ends at the end of what is there. */
  end(): void
  close(): void
}

/** Where sound comes out: the player's only way to an audio element. Times are in seconds of what is loaded. */
export interface AudioOutput {
  time: number
  /** Speed of playing; the pitch is kept. */
  rate: number
  /** 0–1. */
  volume: number
  readonly paused: boolean
  readonly ended: boolean
  /** Whether it was sent elsewhere and has not arrived yet. */
  readonly seeking: boolean
  readonly buffered: readonly Span[]
  readonly loaded: boolean
  readonly canStream: boolean
  listen(listener: (event: AudioEvent) => void): void
  /** Within a press, so that the browser lets it play later. */
  unlock(): void
  load(address: string, at: number): void
  /** Throws an `Error` if it cannot stream. */
  stream(at: number): FragmentSink
  clear(): void
  /** Rejects with a `DOMException`: `NotAllowedError` if the browser wants a press first. */
  play(): Promise<void>
  pause(): void
}
