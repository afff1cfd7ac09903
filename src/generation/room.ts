import { freeBytes, reserveBytes } from '../library/disk.ts'
import type { Folder } from '../library/folder.ts'

const lookEveryMs = 5000

/** Whether there is room on the disk; the work waits while there is not. Close it with `stop`. */
export class Room {
  readonly #folder: Folder
  readonly #onChange: (full: boolean) => void
  readonly #timer: NodeJS.Timeout
  #writesFail = false
  #low = false

  constructor(folder: Folder, onChange: (full: boolean) => void) {
    this.#folder = folder
    this.#onChange = onChange
    this.#timer = setInterval(() => void this.look(), lookEveryMs).unref()
  }

  get full(): boolean {
    return this.#writesFail || this.#low
  }

  /** A write failed for want of room, or went through again. */
  noteWrites(fail: boolean): void {
    this.#change(() => {
      this.#writesFail = fail
    })
  }

  async look(): Promise<void> {
    const free = await freeBytes(this.#folder).catch(() => Infinity)
    this.#change(() => {
      this.#low = free < reserveBytes
    })
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #change(change: () => void): void {
    const before = this.full
    change()
    if (this.full !== before) this.#onChange(this.full)
  }
}
