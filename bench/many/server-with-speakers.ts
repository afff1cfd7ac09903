import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { readSettings } from '../../src/config.ts'
import { startNightjar, version } from '../../src/main.ts'
import type { SegmentLease } from '../../src/jobs/scheduler/segment-scheduler.ts'
import { someClip } from '../../test/fixtures/small-novel.ts'
import { faultyEngine } from '../../test/program/faulty-engine.ts'

// A server of this version in a process of its own, with speakers that only take their time: each leases a segment of the
// server's scheduler, as a machine does by HTTP, waits, and hands in a clip.

/** What the parent is told. */
export type FromServer =
  | { readonly kind: 'ready'; readonly address: string }
  /** A segment of the novel of `urgentNovel` was begun; Unix milliseconds. */
  | { readonly kind: 'urgent'; readonly chapter: number; readonly at: number }
  | { readonly kind: 'figures'; readonly figures: ServerFigures }

/** Since the last `begin`. */
export interface ServerFigures {
  readonly clips: number
  /** Milliseconds that the speakers have spoken, together. */
  readonly spokenMs: number
  /** CPU seconds of the process. */
  readonly cpu: number
  /** 99th percentile of the event loop's delay, in milliseconds. */
  readonly delayMs: number
  /** Milliseconds in which clips were stored, and in which the next segments came. */
  readonly storeMs: readonly number[]
  readonly leaseMs: readonly number[]
}

export type ToServer =
  | { readonly kind: 'urgent-novel'; readonly id: string }
  | { readonly kind: 'begin' }
  | { readonly kind: 'end' }
  | { readonly kind: 'stop' }

const [, , count = '', speakMs = ''] = process.argv
const speakers = Number(count)
const clip = someClip(117, 335)

const tell = (message: FromServer): void => void process.send?.(message)
const server = await startNightjar(readSettings(), {})
const { segmentScheduler } = server.application
const { name, version: engineVersion, voices } = faultyEngine
const machine = await segmentScheduler.join({
  name: `bench ${process.pid}`,
  slots: speakers,
  version,
  engines: [{ name, version: engineVersion, voices }],
  platform: 'linux-x64',
  cores: 2,
})
const stopping = new AbortController()
const held = new Set<string>()
const pulse = setInterval(() => {
  const leases = [...held]
  segmentScheduler.renew(machine.id, { leases, realTimeFactor: 1, spoken: clips }).catch(console.error)
}, machine.renewSeconds * 1000)

let [clips, spokenMs, urgentNovel] = [0, 0, '']
let storeMs: number[] = []
let leaseMs: number[] = []

async function speak({ id, segment }: SegmentLease): Promise<void> {
  if (segment?.novelId === urgentNovel)
    tell({ kind: 'urgent', chapter: segment.chapterNumber, at: Date.now() })
  const begun = performance.now()
  await wait(Number(speakMs) * (0.6 + 0.8 * Math.random()))
  const spoken = performance.now()
  spokenMs += spoken - begun
  await segmentScheduler.complete(id, clip, 1)
  storeMs.push(performance.now() - spoken)
  clips++
}

async function work(slot: number): Promise<void> {
  await wait(Math.random() * Number(speakMs))
  while (!stopping.signal.aborted) {
    const asked = performance.now()
    const { lease } = await segmentScheduler.lease(machine.id, slot, {
      waitMs: 25_000,
      signal: stopping.signal,
    })
    if (!lease) continue
    leaseMs.push(performance.now() - asked)
    held.add(lease.id)
    await speak(lease).catch((error: unknown) => console.error(error))
    held.delete(lease.id)
  }
}

const delay = monitorEventLoopDelay({ resolution: 5 })
let before = process.cpuUsage()
process.on('message', (message: ToServer) => {
  if (message.kind === 'urgent-novel') urgentNovel = message.id
  if (message.kind === 'begin') {
    ;[clips, spokenMs, before] = [0, 0, process.cpuUsage()]
    ;[storeMs, leaseMs] = [[], []]
    delay.reset()
    delay.enable()
  }
  if (message.kind === 'end') {
    const { user, system } = process.cpuUsage(before)
    const cpu = (user + system) / 1e6
    const delayMs = delay.percentile(99) / 1e6
    tell({ kind: 'figures', figures: { clips, spokenMs, cpu, delayMs, storeMs, leaseMs } })
  }
  if (message.kind === 'stop') stopping.abort()
})
tell({ kind: 'ready', address: server.address })
await Promise.all(Array.from({ length: speakers }, (_, slot) => work(slot)))
clearInterval(pulse)
await server.stop()
process.disconnect?.()
