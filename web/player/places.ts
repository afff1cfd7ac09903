import type { Timeline } from '../../src/http/contract/novel-contract.ts'

type Segments = Timeline['segments']

/** Where a segment is heard in the audio that plays now, in seconds of its clock. */
export interface Place {
  readonly index: number
  readonly from: number
  readonly to: number
  /** Second of the chapter at which it begins: another than `from` where silences before it are shortened. */
  readonly at: number
}

/**
 * An unbroken run of spoken segments. While a chapter is being made there may be gaps before a listener's segment;
 * the run then begins after the last gap, and its times stay what they are when the gap is filled later.
 */
export interface Run {
  readonly first: number
  /** Seconds at which the first segment is placed. */
  readonly base: number
  /** Whether the base is a guess, since what comes before it is not spoken yet. */
  readonly guessed: boolean
}

export const wholeChapter: Run = { first: 0, base: 0, guessed: false }

/** Of a longer pause so many seconds are kept where silences are shortened: as long as the studio leaves between sentences. */
const keptPause = 0.25
/** Length of an AAC frame, 1,024 samples at 24 kHz, in seconds. A clip can be cut between two frames only. */
const frame = 1024 / 24_000

/**
 * Seconds that are cut off a segment's end when silences are shortened: whole frames, all of them silent. Of a pause of
 * `p` seconds a clip's end holds at least `p − 1.5` frames, since one is the next clip's head and lengths are rounded, and
 * what is kept is six frames less a rounding: the decoder, which overlaps neighbouring frames, joins silence to silence.
 */
export function cutOf(pause: number | undefined): number {
  return pause === undefined ? 0 : Math.max(0, Math.floor((pause - keptPause) / frame)) * frame
}

/** Seconds that a segment is thought to take while none of its chapter is spoken. */
const usualSeconds = 5

/** The run that holds a segment. Segments that were set aside do not break it: they are passed over. */
export function runAt(segments: Segments, setAside: ReadonlySet<number>, index: number): Run {
  let first = index
  while (first > 0 && (segments[first - 1]?.ready || setAside.has(first - 1))) first--
  const from = first === 0 ? 0 : segments[first]?.from
  return { first, base: from ?? guessedStart(segments, setAside, first), guessed: from === undefined }
}

/** Seconds that a segment takes on an average, as far as that is known. */
export function averageSeconds(segments: Segments): number {
  const known = segments.flatMap(({ ready, seconds }) => (ready && seconds !== undefined ? [seconds] : []))
  return known.length === 0 ? usualSeconds : known.reduce((sum, each) => sum + each, 0) / known.length
}

/** Where a segment will begin when all before it are spoken, as long as those that are spoken are on an average. */
function guessedStart(segments: Segments, setAside: ReadonlySet<number>, index: number): number {
  const usual = averageSeconds(segments)
  return segments
    .slice(0, index)
    .filter(({ index: at }) => !setAside.has(at))
    .reduce((sum, { ready, seconds }) => sum + (ready ? (seconds ?? usual) : usual), 0)
}

/** The run's segments up to the first that is still to be spoken. `shortened`: with the silences between them cut. */
export function placesOf(
  segments: Segments,
  setAside: ReadonlySet<number>,
  run: Run,
  shortened = false,
): Place[] {
  const places: Place[] = []
  let [from, at] = [run.base, run.base]
  for (const { index, ready, seconds, pause } of segments.slice(run.first)) {
    if (ready && seconds !== undefined) {
      const to = from + seconds - (shortened ? Math.min(cutOf(pause), seconds / 2) : 0)
      places.push({ index, from, to, at })
      from = to
      at += seconds
    } else if (!setAside.has(index)) break
  }
  return places
}

/** Whether the run reaches the chapter's end. */
export function reachesEnd(segments: Segments, setAside: ReadonlySet<number>, run: Run): boolean {
  return segments.every(({ index, ready }) => index < run.first || ready || setAside.has(index))
}

/** The place that is heard at a time; the last one beyond the end, `undefined` in an empty run. */
export function placeAt(places: readonly Place[], time: number): Place | undefined {
  let [low, high] = [0, places.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((places[middle]?.from ?? 0) <= time) low = middle
    else high = middle - 1
  }
  return places[low]
}

/** When a segment is heard, or the next one that will be; the run's end if that is still to be spoken. */
export function timeOf(places: readonly Place[], run: Run, index: number): number {
  const place = places.find((each) => each.index >= index)
  return place?.from ?? places.at(-1)?.to ?? run.base
}

/**
 * A timeline that was asked for anew. What is in a buffer must not move, so the pauses of segments that were ready stay
 * what they were taken for.
 */
export function renewedTimeline(old: Timeline, now: Timeline): Timeline {
  const segments = now.segments.map((segment, index) => {
    const before = old.segments[index]
    if (!before?.ready || before.pause === segment.pause) return segment
    const { pause: _, ...rest } = segment
    return before.pause === undefined ? rest : { ...rest, pause: before.pause }
  })
  return { ...now, segments }
}

/** The timeline after one more segment was spoken. */
export function withSpoken(timeline: Timeline, index: number, seconds: number): Timeline {
  let from: number | undefined = 0
  const segments = timeline.segments.map((segment) => {
    const now = segment.index === index ? { ...segment, ready: true, seconds } : segment
    const placed = from === undefined ? now : { ...now, from }
    from = from === undefined || !now.ready || now.seconds === undefined ? undefined : from + now.seconds
    return placed
  })
  const spoken = segments.reduce((sum, segment) => sum + (segment.ready ? (segment.seconds ?? 0) : 0), 0)
  return { ...timeline, segments, seconds: spoken, complete: segments.every((segment) => segment.ready) }
}
