import { setTimeout as wait } from 'node:timers/promises'
import { removeLeftoverObjects, trashOrphanObjects } from '../../src/storage/clips/clip-object-sweep.ts'
import { referencedObjects } from '../../src/storage/queries/clip-object-queries.ts'
import { sqlDialect } from '../../src/storage/sql-dialect.ts'
import { startApplication } from '../program/in-process-application.ts'
import { chapterSums, fleetVoice as voice, ServerFleet } from '../program/server-fleet.ts'

/** What is done to the fleet. */
export type Disturbance = 'machine' | 'server' | 'postgres' | 'objects'

export interface FleetRun {
  /** Text of a novel with at least as many chapters as there are disturbances. */
  readonly book: Uint8Array<ArrayBuffer>
  readonly servers: number
  readonly machines: number
  readonly disturbances: readonly Disturbance[]
  /** Milliseconds for which the object store is away. */
  readonly awayMs: number
  readonly say?: (line: string) => void
}

export interface FleetFigures {
  /** Generations that were accepted, and those of them that were completed without a gap. */
  readonly acknowledged: number
  readonly completed: number
  /** Numbers of the chapters whose audio is not that of the same book spoken undisturbed. */
  readonly differing: readonly number[]
  readonly spokenTwice: number
  /** Claims that nobody let go. */
  readonly claims: number
  /** Objects that no clip names after a sweep, and those that are named and not there. */
  readonly orphans: number
  readonly missing: number
}

/**
 * Servers, machines that speak for them, a proxy, Postgres and an object store. A chapter after the other is asked for,
 * and while it is being spoken something dies and comes back: a machine (and another joins), a server, Postgres, or the
 * object store for a while.
 */
export async function fleetRun(run: FleetRun): Promise<FleetFigures> {
  const { book, disturbances, say = () => undefined } = run
  const chapters = disturbances.map((_, at) => at + 1)
  await using fleet = await ServerFleet.start(run.servers)
  await Promise.all(Array.from({ length: run.machines }, (_, at) => fleet.machine(`machine-${at}`).joined()))
  const alive = [...fleet.machines]
  const { novel } = await fleet.api.add(book, 'story.txt')
  const acknowledged: string[] = []

  const disturb = async (what: Disturbance, round: number): Promise<void> => {
    say(`${new Date().toISOString()} ${what}`)
    if (what === 'machine') {
      const victim = alive.splice(Math.floor(Math.random() * alive.length), 1)[0]
      await victim?.kill()
      alive.push(fleet.machine(`newcomer-${round}`))
    } else if (what === 'server') {
      const at = round % run.servers
      await fleet.killServer(at)
      await wait(Math.random() * 1000)
      await fleet.startServer(at)
    } else if (what === 'postgres') {
      fleet.cluster.stop()
      await wait(Math.random() * 1000)
      fleet.cluster.start()
    } else {
      await fleet.s3.stop()
      await wait(run.awayMs)
      await fleet.s3.restart()
    }
  }

  for (const [round, what] of disturbances.entries()) {
    const id = await fleet.patiently((api) => api.generate(novel.id, [round + 1], { voice }))
    acknowledged.push(id)
    await fleet.until(id, ({ segmentsDone }) => segmentsDone >= 3)
    await disturb(what, round)
  }
  let completed = 0
  for (const id of acknowledged) {
    const { status, failedSegments, percent } = await fleet.finished(id)
    say(`${new Date().toISOString()} ${id} ${status}`)
    if (status === 'completed' && failedSegments.length === 0 && percent === 100) completed++
  }

  await using undisturbed = await startApplication({ settings: { NIGHTJAR_DATABASE: '' } })
  const { novel: same } = await undisturbed.api.add(book, 'story.txt')
  await undisturbed.api.finished(await undisturbed.api.generate(same.id, chapters, { voice }))
  const wanted = await chapterSums(undisturbed.api, same.id, chapters)
  const found = await fleet.patiently((api) => chapterSums(api, novel.id, chapters))
  return {
    acknowledged: acknowledged.length,
    completed,
    differing: chapters.filter((_, at) => wanted[at] !== found[at]),
    spokenTwice: fleet.spokenTwice,
    ...(await leftovers(fleet)),
  }
}

interface Leftovers {
  readonly claims: number
  readonly orphans: number
  readonly missing: number
}

/** What is left once everything is spoken and every server has stopped, after a sweep as if its time had come. */
async function leftovers(fleet: ServerFleet): Promise<Leftovers> {
  return fleet.stopServers(async ({ db, objects }) => {
    const { clock } = sqlDialect(db)
    const held = await db.selectFrom('claims').select('lease').where('until', '>', clock).execute()
    const soon = Date.now() + 60_000
    await removeLeftoverObjects({ db, objects }, undefined, 0)
    await trashOrphanObjects({ db, objects }, soon, undefined, 0)
    const stored: string[] = []
    for (const part of ['clips/', 'packs/']) {
      for await (const { key } of objects.list(part)) stored.push(key)
    }
    const referenced = await referencedObjects(db, stored)
    const rows = await db.selectFrom('clips.clips').select('object').distinct().execute()
    const there = new Set(stored)
    return {
      claims: held.length,
      orphans: stored.filter((name) => !referenced.has(name)).length,
      missing: rows.filter(({ object }) => object !== null && !there.has(object)).length,
    }
  })
}
