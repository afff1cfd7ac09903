/** What says when the turn of a generation is. */
export interface InQueue {
  readonly id: string
  /** Higher ones come first. */
  readonly priority: number
  /** Among those of one priority the lower comes first, in minutes; left out: when it was asked for. */
  readonly place?: number
  /** ISO 8601. */
  readonly createdAt: string
}

/** A generation that is ordered anew. */
export interface Ordered {
  readonly id: string
  readonly priority: number
  readonly place: number
}

const firstMinute = Date.UTC(2026, 0) / 60_000

/** Minutes since 2026, rounded down. */
function minutes(epochMs: number): number {
  return Math.floor(epochMs / 60_000) - firstMinute
}

/** Among those of one priority. */
export function placeInQueue({ place, createdAt }: Pick<InQueue, 'place' | 'createdAt'>): number {
  return place ?? minutes(Date.parse(createdAt))
}

/** Negative if `one` is worked on before `other`. */
export function compareInQueue(one: InQueue, other: InQueue): number {
  return (
    other.priority - one.priority ||
    placeInQueue(one) - placeInQueue(other) ||
    compareStrings(one.createdAt, other.createdAt) ||
    compareStrings(one.id, other.id)
  )
}

function compareStrings(one: string, other: string): number {
  return Number(one > other) - Number(one < other)
}

/** Minutes that are left between two where there was no room, so that the next that is put there moves no others. */
const spacing = 8

/**
 * What has to be stored so that `moved` is the one at `index` among `others`, which are in order: usually itself alone,
 * and those before it as far as they stand too close together. It keeps its priority where the order allows that, else
 * it has that of its neighbour. What is asked for from `now` on (epoch milliseconds) comes after those of its priority.
 */
export function orderAfterMove(
  others: readonly InQueue[],
  moved: InQueue,
  index: number,
  now: number,
): Ordered[] {
  const [previous, next] = [others[index - 1], others[index]]
  if (isBetween(moved, previous, next)) return []
  const atMost = previous?.priority ?? Math.max(moved.priority, next?.priority ?? moved.priority)
  const atLeast = next?.priority ?? Math.min(moved.priority, atMost)
  const priority = Math.min(Math.max(moved.priority, atLeast), atMost)
  const before = others.slice(0, index).filter((other) => other.priority === priority)
  const last = before.at(-1)
  const low = last ? placeInQueue(last) : -Infinity
  const high = next?.priority === priority ? placeInQueue(next) : Math.max(minutes(now), low) + 1
  let place = high - 1
  if (low === -Infinity && next?.priority === priority) place = high - spacing
  else if (high - low > 2 && next?.priority === priority) place = low + Math.floor((high - low) / 2)
  const ordered: Ordered[] = [{ id: moved.id, priority, place }]
  // Others are moved towards the past, where there is room.
  let limit = place
  for (const other of before.toReversed()) {
    if (placeInQueue(other) < limit) break
    limit -= spacing
    ordered.push({ id: other.id, priority, place: limit })
  }
  return ordered
}

function isBetween(moved: InQueue, previous: InQueue | undefined, next: InQueue | undefined): boolean {
  return (!previous || compareInQueue(previous, moved) < 0) && (!next || compareInQueue(moved, next) < 0)
}
