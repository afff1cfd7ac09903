/** Sentences that are missing cannot be heard, and nobody listens to the last words of a publisher. */
export const enoughHeard = 0.97

/** Whether so many heard segments are all of a chapter, as people count. */
export function isFinished(heard: number, total: number): boolean {
  return total > 0 && heard >= total * enoughHeard
}
