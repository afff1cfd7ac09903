import { closeEspeak, type Espeak, openEspeak } from '../pronunciation/espeak/espeak.ts'
import { asVoiceUnavailable } from './speech-engine.ts'

/** An engine's hold on eSpeak, loaded when it is first needed. */
export class LazyEspeak {
  #opened: Promise<Espeak> | undefined

  /** Throws `VoiceUnavailable` if it cannot be loaded; the next call tries again. */
  open(): Promise<Espeak> {
    if (this.#opened === undefined) {
      this.#opened = asVoiceUnavailable(openEspeak())
      this.#opened.catch(() => {
        this.#opened = undefined
      })
    }
    return this.#opened
  }

  close(): void {
    if (this.#opened !== undefined) closeEspeak()
    this.#opened = undefined
  }
}
