import type { AudioEvent, AudioOutput } from './audio-output.ts'
import type { PlayerSettings } from './player-settings.ts'

/** Two outputs: one is heard, and in the other the next chapter is loaded. */
export class OutputPair {
  #current: AudioOutput
  #spare: AudioOutput

  /** `listener` is told of the one that is heard. */
  constructor(newOutput: () => AudioOutput, listener: (event: AudioEvent) => void) {
    this.#current = newOutput()
    this.#spare = newOutput()
    for (const output of [this.#current, this.#spare])
      output.listen((event) => {
        if (output === this.#current) listener(event)
      })
  }

  get current(): AudioOutput {
    return this.#current
  }

  get spare(): AudioOutput {
    return this.#spare
  }

  swap(): void {
    ;[this.#current, this.#spare] = [this.#spare, this.#current]
  }

  /** Within a press, so that the browser lets both play when their sound arrives. */
  unlock(): void {
    this.#current.unlock()
    this.#spare.unlock()
  }

  /** `fade`: 0–1, by which the volume is multiplied. */
  apply({ rate, volume }: PlayerSettings, fade: number): void {
    for (const output of [this.#current, this.#spare]) {
      output.rate = rate
      output.volume = volume * fade
    }
  }
}
