import type { Generation } from '../../novel/generation.ts'
import { placeInQueue } from '../../novel/queue-order.ts'

/** Minutes, 40 years of them, by which the runs of generations of one priority are ordered. */
const places = 21_000_000

/**
 * What comes first in the queue is spoken first, also when its runs are sent again later than those of others: the
 * generation's priority, then its place. Fits into 32 bits.
 */
export function runPriority(generation: Pick<Generation, 'priority' | 'place' | 'createdAt'>): number {
  const place = Math.min(Math.max(placeInQueue(generation), 0), places - 1)
  return generation.priority * places + (places - 1 - place)
}
