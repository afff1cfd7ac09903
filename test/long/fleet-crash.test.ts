import { expect, test } from 'vitest'
import { type Disturbance, fleetRun } from '../crash/fleet-run.ts'
import { longStory } from '../fixtures/long-story.ts'
import { hasNginx } from '../program/nginx.ts'
import { postgresPrograms } from '../program/postgres-cluster.ts'
import { skipWithoutS3 } from '../program/s3-server.ts'
import { maySkip } from '../program/skip-policy.ts'

// Longer, and with all of it at random: npm run test:crash -- --servers 2 --kills 30

const skipped = skipWithoutS3 || maySkip(hasNginx()) || maySkip(postgresPrograms() !== undefined)
const disturbances: readonly Disturbance[] = ['machine', 'server', 'objects', 'machine', 'postgres', 'server']

test.skipIf(skipped)(
  'two servers, four machines, a proxy, Postgres and an object store: each dies or is away while a book is spoken, and nothing is lost, nothing differs',
  async () => {
    const machines = 4
    const book = longStory(disturbances.length, 30)
    const figures = await fleetRun({ book, servers: 2, machines, disturbances, awayMs: 20_000 })
    const { acknowledged, spokenTwice, ...rest } = figures
    expect(acknowledged).toBe(disturbances.length)
    expect(rest).toEqual({ completed: acknowledged, differing: [], claims: 0, orphans: 0, missing: 0 })
    expect(spokenTwice).toBeLessThanOrEqual(disturbances.length * machines)
  },
)
