import { expect, test } from 'vitest'
import type { Timeline } from '../../src/http/contract/novel-contract.ts'
import {
  cutOf,
  placeAt,
  placesOf,
  reachesEnd,
  renewedTimeline,
  runAt,
  timeOf,
  wholeChapter,
  withSpoken,
} from './places.ts'

/** `2` is a spoken segment of two seconds, `.` one that is still to be spoken. */
function segments(picture: string): Timeline['segments'] {
  let from: number | undefined = 0
  return picture.split('').map((letter, index) => {
    const ready = letter !== '.'
    const segment = {
      index,
      ready,
      ...(from !== undefined && { from }),
      ...(ready && { seconds: Number(letter) }),
    }
    from = from !== undefined && ready ? from + Number(letter) : undefined
    return segment
  })
}
const nothing = new Set<number>()

test('a run is followed to the first segment that is still to be spoken', () => {
  expect(placesOf(segments('23.4'), nothing, wholeChapter)).toEqual([
    { index: 0, from: 0, to: 2, at: 0 },
    { index: 1, from: 2, to: 5, at: 2 },
  ])
})

test('what was set aside is passed over in silence', () => {
  const list = segments('2.3')
  const aside = new Set([1])
  expect(placesOf(list, aside, wholeChapter).map((place) => place.from)).toEqual([0, 2])
  expect(reachesEnd(list, aside, wholeChapter)).toBe(true)
  expect(reachesEnd(list, nothing, wholeChapter)).toBe(false)
})

test('behind a gap a run begins of its own, about where it will be heard once all before it is spoken', () => {
  const list = segments('2..34.')
  const run = runAt(list, nothing, 4)
  // Two seconds, and twice three, as long as a sentence is on an average.
  expect(run).toEqual({ first: 3, base: 8, guessed: true })
  expect(placesOf(list, nothing, run).map(({ index, from }) => [index, from])).toEqual([
    [3, 8],
    [4, 11],
  ])
  expect(runAt(list, new Set([2]), 4).base).toBe(5)
})

test('nine tenths of a chapter in, the clock does not say 0:01', () => {
  const list = segments(`${'.'.repeat(90)}${'4'.repeat(10)}`)
  expect(runAt(list, nothing, 95)).toEqual({ first: 90, base: 360, guessed: true })
})

test('a run keeps its times when the gap before it is filled', () => {
  const run = runAt(segments('2.34'), nothing, 3)
  const places = placesOf(segments('2934'), nothing, run)
  expect(places[0]).toMatchObject({ index: 2, from: run.base })
  expect(run.guessed).toBe(true)
})

test('a segment still to be spoken waits at the end of what is there', () => {
  const list = segments('23.')
  const run = runAt(list, nothing, 2)
  const places = placesOf(list, nothing, run)
  expect(run).toEqual(wholeChapter)
  expect(timeOf(places, run, 2)).toBe(5)
  expect(timeOf([], runAt(segments('...'), nothing, 1), 1)).toBe(5)
})

test('a time finds its segment', () => {
  const places = placesOf(segments('234'), nothing, wholeChapter)
  expect([0, 1.9, 2, 5.1, 99].map((time) => placeAt(places, time)?.index)).toEqual([0, 0, 1, 2, 2])
  expect(placeAt([], 1)).toBeUndefined()
})

test('one more spoken segment closes the timeline up', () => {
  const open: Timeline = { voice: 'v', speed: 1, seconds: 6, complete: false, segments: segments('2.4') }
  const whole = withSpoken(open, 1, 3)
  expect(whole).toMatchObject({ seconds: 9, complete: true })
  expect(whole.segments.map((segment) => segment.from)).toEqual([0, 2, 5])
})

test('where silences are shortened whole frames of a long pause are cut, and the chapter’s seconds go on counting', () => {
  expect(cutOf(undefined)).toBe(0)
  expect(cutOf(0.25)).toBe(0)
  // Eight frames of 42.7 ms are the most that leave a quarter of a second.
  expect(cutOf(0.6)).toBeCloseTo((8 * 1024) / 24_000, 9)
  const list = segments('234').map((segment) => ({ ...segment, pause: 0.6 }))
  const places = placesOf(list, nothing, wholeChapter, true)
  expect(places.map(({ at }) => at)).toEqual([0, 2, 5])
  expect(places[2]?.from).toBeCloseTo(5 - 2 * cutOf(0.6), 9)
  expect(places[2]!.to - places[2]!.from).toBeCloseTo(4 - cutOf(0.6), 9)
})

test('a pause that is learnt of later moves nothing that is in the buffer', () => {
  const [before, after] = [segments('2.'), segments('22')].map((each) => ({
    voice: 'v',
    speed: 1,
    seconds: 4,
    complete: false,
    segments: each,
  })) as [Timeline, Timeline]
  const told = { ...after, segments: after.segments.map((each) => ({ ...each, pause: 1.2 })) }
  expect(renewedTimeline(before, told).segments.map(({ pause }) => pause)).toEqual([undefined, 1.2])
})
