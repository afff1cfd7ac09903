import { expect, test } from 'vitest'
import { after, idle, type Motion, type Signal } from './motion.ts'

const run = (...signals: readonly Signal[]): Motion => signals.reduce(after, idle)

test('a place that is chosen loads, and plays when it sounds', () => {
  expect(run('choose')).toEqual({ phase: 'loading', wants: true })
  expect(run('choose', 'sound')).toEqual({ phase: 'playing', wants: true })
})

test('at the end of what is spoken it waits, and wants to go on', () => {
  expect(run('choose', 'starve')).toEqual({ phase: 'waiting', wants: true })
  expect(run('choose', 'sound', 'starve', 'sound').phase).toBe('playing')
  expect(run('choose', 'sound', 'starve', 'pause')).toEqual({ phase: 'paused', wants: false })
  expect(run('choose', 'sound', 'starve', 'feed').phase).toBe('loading')
})

test('what the browser tells too late starts nothing', () => {
  expect(run('choose', 'pause', 'sound').phase).toBe('paused')
  expect(run('choose', 'pause', 'starve').phase).toBe('paused')
  expect(run('choose', 'sound', 'end', 'sound').phase).toBe('ended')
  expect(run('sound').phase).toBe('idle')
})

test('a server that is away interrupts, and what was wanted goes on when it is back', () => {
  expect(run('choose', 'sound', 'lose')).toEqual({ phase: 'interrupted', wants: true })
  expect(run('choose', 'sound', 'lose', 'regain').phase).toBe('loading')
  expect(run('choose', 'lose', 'pause', 'regain')).toEqual({ phase: 'paused', wants: false })
  expect(run('choose', 'pause', 'lose', 'press', 'regain').phase).toBe('loading')
  expect(run('choose', 'pause', 'lose').wants).toBe(false)
})

test('the book’s end, a failure and the close button stop it; a press or a place begins anew', () => {
  expect(run('choose', 'sound', 'end')).toEqual({ phase: 'ended', wants: false })
  expect(run('choose', 'sound', 'end', 'press').phase).toBe('loading')
  expect(run('choose', 'fail')).toEqual({ phase: 'paused', wants: false })
  expect(run('choose', 'sound', 'close')).toEqual(idle)
  expect(run('choose', 'sound', 'end', 'choose').phase).toBe('loading')
})
