import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import type { Novel, Timeline } from '../../src/http/contract/novel-contract.ts'
import { ClockedOutput } from './clocked-output.ts'
import { Player } from './player.ts'

// The player under a clock of its own, on outputs without a speaker, before a server that answers from this list.

const novel = { id: 'one', title: 'One', voice: 'v', speed: 1 } as Novel
const sentence = 5

class House {
  /** Of each chapter, the sentences that are spoken. */
  spoken: number[][]
  readonly asked: string[] = []
  away = false
  /** The list of chapters is answered after this. */
  list: Promise<void> = Promise.resolve()
  readonly feed = {
    connection: 'open' as const,
    unanswered: () => undefined,
    watchSegments: (watcher: (event: SegmentEvent) => void) => {
      this.#watchers.add(watcher)
      return () => undefined
    },
  }
  readonly #watchers = new Set<(event: SegmentEvent) => void>()
  readonly #settings = new Map<string, object>()
  readonly #sentences: number

  constructor(sentences: number, spoken: readonly number[]) {
    this.#sentences = sentences
    this.spoken = spoken.map((count) => Array.from({ length: count }, (_, index) => index))
    ClockedOutput.lengths = { 'audio.m4a': sentences * sentence }
  }

  readonly answer = async (address: string, init?: RequestInit): Promise<Response> => {
    if (this.away) throw new TypeError('fetch failed')
    const number = Number(/chapters\/(\d+)/.exec(address)?.[1])
    if (address.includes('/timeline')) return Response.json({ timeline: this.#timeline(number) })
    if (address.includes('/generate/')) {
      this.asked.push(
        `speak ${(JSON.parse(init?.body as string) as { chapterNumber: number }).chapterNumber}`,
      )
      return Response.json({ success: true })
    }
    if (/init\.mp4|\.m4s/.test(address)) return new Response(new Uint8Array(8))
    if (address.endsWith('/settings')) {
      const { player } = (init?.body ? JSON.parse(init.body as string) : {}) as { player?: object }
      const kept = { ...this.#settings.get(address), ...player }
      this.#settings.set(address, kept)
      return Response.json({ settings: { player: kept } })
    }
    if (/position|heard/.test(address)) return Response.json({ heard: { ranges: [] } })
    await this.list
    const id = /novels\/([^/]+)/.exec(address)?.[1]
    return Response.json({
      novel: { ...novel, id },
      chapters: this.spoken.map((_, at) => this.#listed(at + 1)),
    })
  }

  speak(number: number, index: number): void {
    this.spoken[number - 1]!.push(index)
    const event = { novelId: 'one', chapterNumber: number, index, voice: 'v', speed: 1 }
    for (const watcher of this.#watchers) watcher({ ...event, state: 'spoken', seconds: sentence })
  }

  #timeline(number: number): Timeline {
    const spoken = new Set(this.spoken[number - 1])
    const segments = Array.from({ length: this.#sentences }, (_, index) => ({
      index,
      ready: spoken.has(index),
      pause: 0.6,
      ...(spoken.has(index) && { seconds: sentence, from: index * sentence }),
    }))
    const complete = spoken.size === this.#sentences
    return { voice: 'v', speed: 1, seconds: spoken.size * sentence, complete, segments }
  }

  #listed(number: number) {
    const segmentsDone = this.spoken[number - 1]!.length
    const status = segmentsDone === this.#sentences ? 'completed' : 'none'
    const figures = { segmentsDone, segmentsTotal: this.#sentences, segmentsHeard: 0, characters: 500 }
    return { number, title: `The ${number}.`, matter: 'body', narrated: true, status, ...figures }
  }
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

/** A player of a novel whose chapters have so many sentences, of which so many are spoken. */
function playing(sentences: number, spoken: readonly number[]) {
  const house = new House(sentences, spoken)
  vi.stubGlobal('fetch', house.answer)
  const outputs: ClockedOutput[] = []
  const player = new Player(new QueryClient(), house.feed, () => {
    const output = new ClockedOutput()
    outputs.push(output)
    return output
  })
  return {
    house,
    outputs: outputs as [ClockedOutput, ClockedOutput],
    player,
    state: () => player.store.state,
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a press loads a chapter and plays it; it pauses and goes on', async () => {
  const { player, state } = playing(12, [12])
  void player.play(novel, 1)
  expect(state()).toMatchObject({ phase: 'loading', playing: true })
  await pass(2)
  expect(state()).toMatchObject({ phase: 'playing', segment: 0 })
  expect(player.now()).toMatchObject({ chapterNumber: 1, segment: 0 })
  player.toggle()
  expect(state()).toMatchObject({ phase: 'paused', playing: false })
  const { time } = state()
  await pass(5)
  expect(state().time).toBe(time)
  player.toggle()
  await pass(4)
  expect(player.now()).toMatchObject({ segment: 1, inChapter: expect.closeTo(time + 4, 1) })
})

test('a press does not wait for the list of chapters where it is known', async () => {
  const { house, player, state } = playing(12, [12, 12, 12])
  await player.play(novel, 1)
  await pass(15)
  house.list = new Promise(() => undefined)
  void player.play(novel, 3)
  await pass(2)
  expect(state()).toMatchObject({ phase: 'playing', chapterNumber: 3 })
})

test('steps go by seconds as set, by sentences and by chapters, and stay within the book', async () => {
  const { player, state } = playing(12, [12, 12])
  await player.play(novel, 1, { segment: 4 })
  player.change({ stepSeconds: 30 })
  player.step(1)
  expect(state().time).toBeCloseTo(50, 0)
  player.step(-1)
  player.sentence(1)
  expect(state().segment).toBe(5)
  await pass(3)
  // First to the beginning of the sentence, then to the one before.
  player.sentence(-1)
  expect(state().segment).toBe(5)
  player.sentence(-1)
  expect(state().segment).toBe(4)
  await player.next()
  expect(state().chapterNumber).toBe(2)
  await pass(6)
  await player.previous()
  expect(state()).toMatchObject({ chapterNumber: 2, segment: 0 })
  await player.previous()
  expect(state().chapterNumber).toBe(1)
})

test('what nobody spoke is asked for first, heard with its first sentence, and waited for without stutter', async () => {
  const { house, player, state } = playing(20, [0])
  await player.play(novel, 1)
  await pass(1)
  // The list of the book was not known; from now on it is.
  expect(house.asked).toEqual(['speak 1'])
  expect(state()).toMatchObject({ phase: 'waiting', playing: true })
  house.speak(1, 0)
  await pass(1)
  expect(state().phase).toBe('playing')
  await pass(6)
  expect(state().phase).toBe('waiting')
  // Speaking is slower than listening: sentences of 1 s are gathered until there are four seconds of them.
  expect(state().time).toBeCloseTo(5, 1)
  house.speak(1, 1)
  await pass(0.5)
  expect(state().phase).toBe('playing')
  await pass(6)
  expect(state().phase).toBe('waiting')
  house.speak(1, 2)
  await pass(3)
  // The second time it is eight seconds.
  expect(state()).toMatchObject({ phase: 'waiting', time: expect.closeTo(10, 1) })
  house.speak(1, 3)
  await pass(0.5)
  expect(state().phase).toBe('playing')
})

test('the next chapter is loaded before this one ends, and follows without a gap', async () => {
  const { player, outputs, state } = playing(12, [12, 12])
  const [first, second] = outputs
  await player.play(novel, 1)
  await pass(40)
  expect(second.loaded).toBe(true)
  expect(second.paused).toBe(true)
  await pass(20 - state().time + 40 - 0.1)
  expect([first.paused, second.paused]).toEqual([false, true])
  await pass(0.1)
  expect([first.loaded, second.paused]).toEqual([false, false])
  await pass(1)
  expect(state()).toMatchObject({ chapterNumber: 2, phase: 'playing', time: expect.closeTo(0.9, 0) })
})

test('at the end of the book it says so', async () => {
  const { player, state } = playing(2, [2])
  await player.play(novel, 1)
  await pass(11)
  expect(state()).toMatchObject({ phase: 'ended', playing: false, words: 'That was the end of the book.' })
})

test('the sleep timer fades and stops; a sign goes on where it began to fade', async () => {
  const { player, outputs, state } = playing(60, [60])
  await player.play(novel, 1)
  player.change({ volume: 0.8 })
  player.sleepAfter(1)
  await pass(54)
  expect(outputs[0].volume).toBeGreaterThan(0.3)
  expect(outputs[0].volume).toBeLessThan(0.6)
  await pass(8)
  expect(state()).toMatchObject({ phase: 'paused', sleep: { dozing: true } })
  const { time } = state()
  expect(outputs[0].volume).toBeCloseTo(0.8)
  await pass(20)
  expect(player.awake()).toBe(true)
  await pass(1)
  expect(state()).toMatchObject({ phase: 'playing', sleep: { dozing: false, wish: 1 } })
  expect(state().time).toBeCloseTo(time - 9, 0)
  // Nobody is meant by a key that is pressed at any other time.
  expect(player.awake()).toBe(false)
})

test('a chapter’s end is slept at, though the next one is loaded', async () => {
  const { player, state } = playing(4, [4, 4])
  await player.play(novel, 1)
  player.sleepAfter('chapter')
  await pass(25)
  expect(state()).toMatchObject({ chapterNumber: 1, phase: 'paused', sleep: { dozing: true } })
  await pass(40)
  player.toggle()
  await pass(2)
  expect(state()).toMatchObject({ chapterNumber: 2, phase: 'playing' })
})

test('a server that is away interrupts what is asked of it, and what was wanted is heard when it is back', async () => {
  const { house, player, state } = playing(12, [12])
  house.away = true
  await player.play(novel, 1, { segment: 3 })
  expect(state()).toMatchObject({ phase: 'interrupted', playing: true })
  house.away = false
  await pass(7)
  expect(state()).toMatchObject({ phase: 'playing', segment: 3 })
})

test('shortened silences are cut out of the sound, and the place in the chapter stays what it is', async () => {
  const { player, state } = playing(12, [12])
  await player.play(novel, 1)
  await pass(6)
  player.change({ shortenSilences: true })
  await pass(0.5)
  expect(player.now()).toMatchObject({ segment: 1, inChapter: expect.closeTo(6.5, 0) })
  await pass(0.5)
  expect(state().length).toBeCloseTo(60 - 12 * ((8 * 1024) / 24_000), 2)
  await player.next()
  expect(state().phase).toBe('ended')
})

test('settings are remembered by novel', async () => {
  const { player, state } = playing(12, [12])
  await player.play(novel, 1)
  player.setRate(1.3371)
  expect(state().rate).toBe(1.35)
  player.close()
  expect(state().phase).toBe('idle')
  await player.play({ ...novel, id: 'other' }, 1)
  player.setRate(9)
  expect(state().rate).toBe(3)
  await player.play(novel, 1)
  expect(state().rate).toBe(1.35)
})
