import { expect, test } from 'vitest'
import { type Listening, SleepTimer, type SleepWish } from './sleep-timer.ts'

/** A timer under a clock of its own. */
function clocked(wish: SleepWish) {
  const timer = new SleepTimer()
  let now = 1_000_000
  timer.set(wish, now)
  return {
    timer,
    now: () => now,
    /** Answers after how many seconds it stops, if it does within so many. */
    pass(seconds: number, listening: Partial<Listening> = {}): number | undefined {
      for (let at = 1; at <= seconds * 4; at++) {
        now += 250
        if (timer.tick(now, { playing: true, leftInChapter: Infinity, ...listening })) return at / 4
      }
      return undefined
    },
  }
}

test('it counts minutes of listening, fades over the last ten seconds, and stops', () => {
  const { timer, pass } = clocked(1)
  expect(pass(30)).toBeUndefined()
  pass(600, { playing: false })
  expect(timer.state).toMatchObject({ wish: 1, left: 30, dozing: false })
  expect(timer.fade).toBe(1)
  pass(25)
  expect(timer.fade).toBeCloseTo(0.5)
  expect(pass(60)).toBe(5)
  expect(timer.state.dozing).toBe(true)
  // What goes on does so as loud as before.
  expect(timer.fade).toBe(1)
})

test('a sign within thirty seconds goes on with as many minutes anew; later it is over', () => {
  const { timer, pass, now } = clocked(1)
  pass(60)
  pass(29, { playing: false })
  expect(timer.awake(now())).toBe('resume')
  expect(timer.state).toMatchObject({ wish: 1, left: 60, dozing: false })
  pass(60)
  pass(31, { playing: false })
  expect(timer.state).toMatchObject({ wish: undefined, dozing: false })
  expect(timer.awake(now())).toBeUndefined()
})

test('a sign while it fades makes it as loud as before; at any other time it is none', () => {
  const { timer, pass, now } = clocked(1)
  pass(20)
  expect(timer.awake(now())).toBeUndefined()
  pass(35)
  expect(timer.fading).toBe(true)
  expect(timer.awake(now())).toBe('stay')
  expect(timer.fade).toBe(1)
  expect(timer.state.left).toBe(60)
})

test('at the end of a chapter, or of the next, it stops before another begins', () => {
  const { timer, pass } = clocked('chapter')
  expect(pass(5)).toBeUndefined()
  expect(timer.state.left).toBeUndefined()
  expect(pass(1, { leftInChapter: 5 })).toBeUndefined()
  expect(timer.fade).toBeCloseTo(0.5)
  expect(pass(1, { leftInChapter: 0.2 })).toBe(0.25)

  const next = clocked('next-chapter')
  expect(next.pass(1, { leftInChapter: 0.2 })).toBeUndefined()
  next.timer.nextChapter()
  expect(next.pass(1, { leftInChapter: 60 })).toBeUndefined()
  expect(next.pass(1, { leftInChapter: 0.2 })).toBe(0.25)
})

test('who presses play himself while it dozes is done with it', () => {
  const { timer, pass } = clocked(1)
  pass(60)
  pass(1)
  expect(timer.state).toMatchObject({ wish: undefined, dozing: false })
})
