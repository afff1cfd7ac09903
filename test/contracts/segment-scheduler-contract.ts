import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  MachineIntroduction,
  SegmentLease,
  SegmentScheduler,
} from '../../src/jobs/scheduler/segment-scheduler.ts'
import { someClip } from '../fixtures/small-novel.ts'

export interface SchedulerWorld extends AsyncDisposable {
  readonly scheduler: SegmentScheduler
  /** A machine that is let in. */
  readonly introduction: MachineIntroduction
  /** Asks for a novel of these sentences, each a segment, and waits for nothing. */
  request(sentences: readonly string[]): Promise<RequestedNovel>
  /** So many milliseconds have passed since the machines' last requests. */
  elapse(ms: number): Promise<void>
}

interface RequestedNovel {
  readonly novelId: string
  /** How much of it is stored. */
  progress(): Promise<{ readonly done: number; readonly status: string }>
}

const never = new AbortController().signal
const noPulse = { leases: [], realTimeFactor: 0, spoken: 0 }

/** What every scheduler promises the machines that speak for it, as tests. */
export function segmentSchedulerContract(name: string, open: () => Promise<SchedulerWorld>): void {
  describe(`the segment scheduler ${name}`, () => {
    let world: SchedulerWorld
    let scheduler: SegmentScheduler
    beforeAll(async () => {
      world = await open()
      scheduler = world.scheduler
    })
    afterAll(() => world[Symbol.asyncDispose]())

    const join = async (more: Partial<MachineIntroduction> = {}): Promise<string> =>
      (await scheduler.join({ ...world.introduction, ...more })).id
    /** Leases what comes. */
    const lease = async (machine: string, slot = 0): Promise<SegmentLease> => {
      const answer = await scheduler.lease(machine, slot, { waitMs: 120_000, signal: never })
      if (!answer.lease) throw new Error(`no lease came; the machine is ${answer.state}`)
      return answer.lease
    }
    const complete = ({ id }: SegmentLease, frames = 3) => scheduler.complete(id, someClip(frames), 1)

    test('refuses another version and other engines, and knows no machine that has not joined', async () => {
      await expect(join({ version: '0.0.0' })).rejects.toMatchObject({ code: 'speaker.other-version' })
      const machine = await join()
      const engines = world.introduction.engines.map((engine) => ({ ...engine, version: 'other' }))
      await expect(join({ engines })).rejects.toMatchObject({ code: 'speaker.other-engines' })
      await scheduler.leave(machine)
      const unknown = { code: 'speaker.unknown' }
      await expect(lease(machine)).rejects.toMatchObject(unknown)
      await expect(scheduler.renew(machine, noPulse)).rejects.toMatchObject(unknown)
      await expect(scheduler.leave(machine)).rejects.toMatchObject(unknown)
      expect(await scheduler.complete('nothing', someClip(1), 0)).toBe('gone')
      expect(await scheduler.fail('nothing', { kind: 'failed', reason: 'none' })).toBe(false)
      expect(scheduler.slotOf('nothing')).toBeUndefined()
    })

    test('leases each segment once, and a clip is durable when it is answered', async () => {
      const sentences = ['One is leased.', 'Two is leased.', 'Three is leased.', 'Four is leased.']
      const machines = [await join(), await join({ name: 'other' })]
      const novel = await world.request(sentences)
      const spoken: string[] = []
      for (let done = 0; done < sentences.length; done += 2) {
        const leases = await Promise.all(machines.map((machine) => lease(machine)))
        for (const held of leases) {
          expect(held.segment).toMatchObject({ novelId: novel.novelId, chapterNumber: 1 })
          expect(sentences[held.segment!.index]).toBe(held.task.text)
          expect(scheduler.slotOf(held.id)).toMatchObject({ slot: 0 })
          spoken.push(held.task.text)
          const before = await novel.progress()
          expect(await complete(held)).toBe('stored')
          expect((await novel.progress()).done).toBe(before.done + 1)
        }
      }
      expect(spoken.toSorted()).toEqual(sentences.toSorted())
      expect(await novel.progress()).toEqual({ done: 4, status: 'completed' })
      for (const machine of machines) {
        const empty = await scheduler.lease(machine, 0, { waitMs: 10, signal: never })
        expect(empty).toEqual({ state: 'active' })
        await scheduler.leave(machine)
      }
    })

    test('gives a slot that asks again its lease again, and takes the same clip twice', async () => {
      const machine = await join({ slots: 2 })
      const novel = await world.request(['Asked for twice.', 'The other slot speaks this.'])
      const [first, other] = [await lease(machine, 0), await lease(machine, 1)]
      expect(await lease(machine, 0)).toEqual(first)
      expect(other.id).not.toBe(first.id)
      await expect(lease(machine, 2)).rejects.toMatchObject({ code: 'request.senseless' })
      expect(scheduler.machines()).toMatchObject([
        {
          id: machine,
          slots: 2,
          state: 'active',
          leases: [
            { id: first.id, voice: first.task.voice, segment: first.segment },
            { id: other.id, segment: other.segment },
          ],
        },
      ])
      const twice = await Promise.all([complete(first), complete(first)])
      expect([...twice, await complete(first)]).toEqual(['stored', 'stored', 'stored'])
      expect((await novel.progress()).done).toBe(1)
      // What is stored is not lost to a machine that has not heard of it.
      const pulse = { ...noPulse, leases: [first.id, other.id, 'nothing'] }
      expect(await scheduler.renew(machine, pulse)).toEqual({ lost: ['nothing'], state: 'active' })
      expect(await complete(other)).toBe('stored')
      expect(await novel.progress()).toEqual({ done: 2, status: 'completed' })
      await scheduler.leave(machine)
    })

    test('keeps a lease that is renewed, takes back one that is not, and still takes its clip', async () => {
      const [silent, lively] = [await join({ name: 'silent' }), await join({ name: 'lively' })]
      const novel = await world.request(['This one is held on to.', 'This one is given up.'])
      const [held, lapsing] = [await lease(lively), await lease(silent)]
      await world.elapse(16_000)
      await scheduler.renew(lively, { ...noPulse, leases: [held.id] })
      await world.elapse(16_000)
      expect(await scheduler.renew(lively, { ...noPulse, leases: [held.id] })).toMatchObject({ lost: [] })
      await expect(scheduler.renew(silent, noPulse)).rejects.toMatchObject({ code: 'speaker.unknown' })
      expect(await complete(held)).toBe('stored')
      const again = await scheduler.lease(lively, 0, { waitMs: 120_000, signal: never })
      expect(again.lease?.task).toEqual(lapsing.task)
      expect(await complete(lapsing, 5)).toBe('stored')
      expect((await novel.progress()).done).toBe(2)
      // It was spoken twice; what came first stays.
      expect(await complete(again.lease!, 7)).toBe('stored')
      expect(await novel.progress()).toEqual({ done: 2, status: 'completed' })
      await scheduler.leave(lively)
      await scheduler.forget(silent)
      expect(scheduler.machines()).toEqual([])
    })

    test('counts what an engine could not speak as an attempt, and nothing else', async () => {
      const [first, second] = [await join({ name: 'first' }), await join({ name: 'second' })]
      const novel = await world.request(['This one is difficult.'])
      const released = await lease(first)
      expect(await scheduler.fail(released.id, { kind: 'released', reason: 'it stops' })).toBe(true)
      expect(await scheduler.fail(released.id, { kind: 'released', reason: 'it stops' })).toBe(false)
      const unavailable = await lease(first)
      expect(unavailable.task).toEqual(released.task)
      await scheduler.fail(unavailable.id, { kind: 'voice-unavailable', reason: 'its file is damaged' })
      // The first does not accept the voice for a while.
      const failed = await lease(second)
      expect(failed.task).toEqual(released.task)
      await scheduler.fail(failed.id, { kind: 'failed', reason: 'the engine would not' })
      const again = await scheduler.lease(second, 0, { waitMs: 120_000, signal: never })
      // Another attempt has another seed.
      expect(again.lease?.task).toMatchObject({ text: failed.task.text, seed: `${failed.task.seed}#1` })
      expect(await complete(again.lease!)).toBe('stored')
      expect(await novel.progress()).toEqual({ done: 1, status: 'completed' })
      for (const machine of [first, second]) await scheduler.leave(machine)
    })

    test('drains, resumes and forgets machines; those that leave free what they hold', async () => {
      const [first, second] = [await join({ name: 'first' }), await join({ name: 'second' })]
      const draining = scheduler.lease(first, 0, { waitMs: 60_000, signal: never })
      await scheduler.drain(first)
      expect(await draining).toEqual({ state: 'draining' })
      const novel = await world.request(['A machine leaves this.', 'A machine is forgotten over this.'])
      expect(await scheduler.lease(first, 0, { waitMs: 100, signal: never })).toEqual({ state: 'draining' })
      expect(await scheduler.renew(first, noPulse)).toEqual({ lost: [], state: 'draining' })
      const left = await lease(second)
      await scheduler.resume(first)
      const forgotten = await lease(first)
      await scheduler.forget(first)
      expect(await complete(forgotten)).toBe('gone')
      await scheduler.leave(second)
      const third = await join({ name: 'third', slots: 2 })
      const again = await Promise.all(
        [0, 1].map((slot) => scheduler.lease(third, slot, { waitMs: 120_000, signal: never })),
      )
      const texts = again.map((answer) => answer.lease?.task.text)
      expect(new Set(texts)).toEqual(new Set([left.task.text, forgotten.task.text]))
      for (const { lease: held } of again) expect(await complete(held!)).toBe('stored')
      expect(await novel.progress()).toEqual({ done: 2, status: 'completed' })
      await scheduler.leave(third)
    })

    test('ends what waits when it is closed', async () => {
      const machine = await join()
      const waiting = scheduler.lease(machine, 0, { waitMs: 60_000, signal: never })
      const hangUp = new AbortController()
      const cutOff = scheduler.lease(machine, 1, { waitMs: 60_000, signal: hangUp.signal })
      hangUp.abort()
      expect(await cutOff).toEqual({ state: 'active' })
      scheduler.close()
      expect(await waiting).toEqual({ state: 'closing' })
      expect(await scheduler.lease(machine, 0, { waitMs: 60_000, signal: never })).toEqual({
        state: 'closing',
      })
      await expect(join()).rejects.toMatchObject({ code: 'server.stopping' })
    })
  })
}
