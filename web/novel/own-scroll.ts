/**
 * Tells the scrolls of the page itself from the reader's: find in page, the middle button and a restored place send no
 * event of their own but the scroll.
 */
export class OwnScroll {
  #room: number
  #goal: number | undefined
  #left = 0

  /** `room`: by how many pixels the page can be scrolled in all. */
  constructor(room: number) {
    this.#room = room
  }

  /** The page begins to scroll from here to there, at once or smoothly. */
  start(from: number, goal: number, room: number): void {
    this.#room = room
    this.#goal = Math.max(0, Math.min(room, goal))
    this.#left = Math.abs(this.#goal - from)
  }

  /** Whether the page itself came to `at`: on the way to its goal, or because what stands on it grew or shrank. */
  explains(at: number, room: number): boolean {
    const reflowed = room !== this.#room
    this.#room = room
    if (this.#goal === undefined) return reflowed
    const left = Math.abs(this.#goal - at)
    // Browsers round where they scroll to.
    if (!reflowed && left > this.#left + 1) {
      this.#goal = undefined
      return false
    }
    this.#left = reflowed ? left : Math.min(this.#left, left)
    return true
  }
}
