/** m/s² beyond gravity that a hand gives and a mattress does not. */
const jolt = 11
/** A shake is two jolts so many milliseconds apart. */
const [shortest, longest] = [80, 1000]

/** Tells a shake of the device from its being put down. */
export class ShakeDetector {
  #last = -Infinity

  /** `acceleration`: its length in m/s², gravity left out; `now`: in milliseconds. Answers whether it was shaken. */
  felt(acceleration: number, now: number): boolean {
    if (acceleration < jolt) return false
    const since = now - this.#last
    if (since < shortest) return false
    this.#last = now
    return since <= longest
  }
}
