/** Rounds of the loop. */
const rounds = 1e8

/**
 * Seconds that a fixed loop takes on one core, the quickest of five: the same machine is now and then twice as slow, and
 * figures of two runs can be compared only by it.
 */
export function referenceSeconds(): number {
  const taken = Array.from({ length: 5 }, () => {
    const before = performance.now()
    let sum = 0
    for (let round = 0; round < rounds; round++) sum = (sum + round * round) | 0
    // Used, so that it is not left out.
    return (performance.now() - before) / 1000 + (sum === 1 ? 1e-9 : 0)
  })
  return Math.min(...taken)
}
