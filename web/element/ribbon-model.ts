import type { RibbonPart } from '../../src/http/contract/shelf-contract.ts'

/**
 * The ribbon's picture of work: one tick per segment (or per chapter), told in shares so that many segments can be
 * gathered into one tick when there are more of them than the screen has room for.
 */
export interface Tick {
  /** Share of it that is spoken, 0–1. */
  readonly spoken: number
  /** Share that was set aside, 0–1. */
  readonly setAside: number
  /** Whether some of it is being spoken now. */
  readonly speaking: boolean
  /** Share that was listened to, 0–1. */
  readonly heard: number
}

/** What is known of single segments beyond spoken or not, by their index. */
export type Marks = ReadonlyMap<number, 'speaking' | 'set-aside'>

export const noMarks: Marks = new Map()

const waiting: Tick = { spoken: 0, setAside: 0, speaking: false, heard: 0 }
const spoken: Tick = { spoken: 1, setAside: 0, speaking: false, heard: 0 }
const speaking: Tick = { spoken: 0, setAside: 0, speaking: true, heard: 0 }
const setAside: Tick = { spoken: 0, setAside: 1, speaking: false, heard: 0 }

/** Segment by segment, where each is known. `heard` are ranges of segments, both ends included. */
export function ticksOfSegments(
  segments: readonly { ready: boolean }[],
  marks: Marks = noMarks,
  heard: readonly { from: number; to: number }[] = [],
): Tick[] {
  const ticks = segments.map((segment, index) => (segment.ready ? spoken : markTick(marks.get(index))))
  for (const { from, to } of heard)
    for (let at = from; at <= Math.min(to, ticks.length - 1); at++) ticks[at] = { ...ticks[at]!, heard: 1 }
  return ticks
}

/** Where only the number of those that were heard is known: as a rule they are the first. */
export function heardFrom(ticks: readonly Tick[], heard: number): readonly Tick[] {
  return heard === 0 ? ticks : ticks.map((tick, at) => (at < heard ? { ...tick, heard: 1 } : tick))
}

/**
 * Where only the count is known. Segments are spoken in reading order, so the first unmarked ones are filled. Those
 * that are left wait, unless the work is over: then they were set aside.
 */
export function ticksOfCount(total: number, done: number, marks: Marks = noMarks, over = false): Tick[] {
  const rest = over ? 'set-aside' : undefined
  let left = done
  return Array.from({ length: total }, (_, index) => {
    const mark = marks.get(index)
    // A mark can outlive the count by a moment; when all the rest is filled, the marked ones must be spoken too.
    if (mark && total - index > left) return markTick(mark)
    if (left === 0) return markTick(mark ?? rest)
    left--
    return spoken
  })
}

export interface ChapterFigures {
  readonly segmentsDone: number
  readonly segmentsTotal: number
  readonly status: string
  readonly speaking?: boolean
  readonly segmentsHeard?: number
}

/** A tick per chapter. */
export function ticksOfChapters(chapters: readonly ChapterFigures[]): Tick[] {
  return chapters.map(({ segmentsDone, segmentsTotal, status, segmentsHeard = 0, ...chapter }) => {
    const share = segmentsTotal === 0 ? 0 : segmentsDone / segmentsTotal
    return {
      spoken: share,
      setAside: status === 'failed' ? 1 - share : 0,
      speaking: chapter.speaking ?? false,
      heard: segmentsTotal === 0 ? 0 : segmentsHeard / segmentsTotal,
    }
  })
}

/** Neighbouring chapters of a novel, together; the last of them stands before the next part. */
type PartFigures = Omit<RibbonPart, 'chapters' | 'complete'>

/** Which part a chapter belongs to; `-1`: it stands before the first. */
export function partOf(parts: readonly Pick<RibbonPart, 'chapterNumber'>[], number: number): number {
  return parts.findLastIndex(({ chapterNumber }) => chapterNumber <= number)
}

/** A tick per part. */
export function ticksOfParts(parts: readonly PartFigures[], speaking: ReadonlySet<number>): Tick[] {
  const spokenNow = new Set([...speaking].map((number) => partOf(parts, number)))
  return parts.map(({ segments, done, setAside: aside, heard }, at) => {
    const share = (part: number): number => (segments === 0 ? 0 : part / segments)
    return {
      spoken: share(done),
      setAside: share(aside),
      speaking: spokenNow.has(at),
      heard: share(heard),
    }
  })
}

/** Gathers ticks into at most `most`, each with the shares of those it stands for. */
export function gather(ticks: readonly Tick[], most: number): readonly Tick[] {
  if (ticks.length <= most || most < 1) return ticks
  return Array.from({ length: most }, (_, bin) => {
    const members = ticks.slice(
      Math.floor((bin * ticks.length) / most),
      Math.floor(((bin + 1) * ticks.length) / most),
    )
    const share = (of: 'spoken' | 'setAside' | 'heard'): number =>
      members.reduce((sum, tick) => sum + tick[of], 0) / members.length
    return {
      spoken: share('spoken'),
      setAside: share('setAside'),
      speaking: members.some((tick) => tick.speaking),
      heard: share('heard'),
    }
  })
}

export interface RibbonPaths {
  readonly width: number
  readonly waiting: string
  readonly spoken: string
  readonly speaking: string
  readonly setAside: string
  /** Feet over the other paths, as wide as the share that was heard. */
  readonly heard: string
}

/**
 * SVG paths for the ticks, on whole pixels so that all ticks are equally sharp. `slot` is the widest room one tick
 * may take; a ribbon of few ticks stays short. Lengths in CSS pixels.
 */
export function ribbonPaths(
  ticks: readonly Tick[],
  room: { width: number; height: number; slot: number },
): RibbonPaths {
  const gathered = gather(ticks, Math.floor(room.width / 3))
  const slot = Math.min(room.slot, room.width / Math.max(1, gathered.length))
  const gap = slot >= 6 ? 2 : 1
  const paths = { waiting: '', spoken: '', speaking: '', setAside: '', heard: '' }
  const foot = Math.max(2, Math.round(room.height / 6))
  for (const [index, tick] of gathered.entries()) {
    const x = Math.round(index * slot)
    const w = Math.max(1, Math.round((index + 1) * slot) - x - gap)
    // A sliver of red is never too thin to be seen.
    const aside = tick.setAside > 0 ? Math.max(3, Math.round(room.height * tick.setAside)) : 0
    const full = Math.min(room.height - aside, Math.round(room.height * tick.spoken))
    const open = room.height - aside - full
    if (open > 0) paths[tick.speaking ? 'speaking' : 'waiting'] += bar(x, aside, w, open)
    if (full > 0) paths.spoken += bar(x, aside + open, w, full)
    if (aside > 0) paths.setAside += bar(x, 0, w, aside)
    if (tick.heard > 0)
      paths.heard += bar(x, room.height - foot, Math.max(1, Math.round(w * tick.heard)), foot)
  }
  return { ...paths, width: Math.min(room.width, Math.round(gathered.length * slot)) }
}

function bar(x: number, y: number, w: number, h: number): string {
  return `M${x} ${y}h${w}v${h}h-${w}z`
}

function markTick(mark: 'speaking' | 'set-aside' | undefined): Tick {
  if (mark === 'speaking') return speaking
  return mark === 'set-aside' ? setAside : waiting
}
