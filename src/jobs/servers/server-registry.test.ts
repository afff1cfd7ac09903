import { pino } from 'pino'
import { expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/fixtures/small-novel.ts'
import { saveServer } from '../../storage/queries/server-queries.ts'
import type { MachineView } from '../scheduler/segment-scheduler.ts'
import type { ServerState } from './server-directory.ts'
import { ServerRegistry } from './server-registry.ts'

const log = pino({ level: 'silent' })

function stateOf(id: string, version = '1.0.0'): ServerState {
  const server = {
    id,
    name: `box ${id}`,
    version,
    platform: 'linux-x64',
    cores: 2,
    slots: 1,
    startedAt: '2026-11-29T12:00:00.000Z',
    realTimeFactor: 0,
    spoken: 0,
    leases: [],
  }
  return { server, machines: [], rates: { workers: { realTimeFactor: 4, segmentsPerSecond: 2 } } }
}

test('servers of one database know each other, what changes at once, and who is gone', async () => {
  const db = await emptyDatabase()
  let machines: readonly MachineView[] = []
  const one = new ServerRegistry({
    db,
    id: '00000001',
    own: () => ({ ...stateOf('00000001'), machines }),
    log,
  })
  const two = new ServerRegistry({ db, id: '00000002', own: () => stateOf('00000002'), log })
  // One that cannot write again how it is.
  const other = { id: '00000003', address: 'http://10.0.0.3:4747' }
  // Nothing is written before it can be reached.
  await one.announce()
  expect(await two.addressOf(one.id)).toBeUndefined()
  await one.start('http://10.0.0.1:4747')
  await two.start('http://10.0.0.2:4747')
  await saveServer(db, { ...other, state: JSON.stringify(stateOf(other.id, '1.0.1')) })
  expect(await two.states()).toMatchObject([{ server: { id: two.id } }, { server: { id: one.id } }])
  expect(await two.addressOf(one.id)).toBe('http://10.0.0.1:4747')
  expect(await two.addressOf(other.id)).toBe('http://10.0.0.3:4747')
  expect(await two.addressOf(two.id)).toBeUndefined()

  expect(two.rateElsewhere('workers')).toEqual({ realTimeFactor: 4, segmentsPerSecond: 2 })
  expect(two.rateElsewhere('server:attic')).toBeUndefined()

  machines = [{ id: 'm' } as MachineView]
  const writing = one.announce()
  machines = [{ id: 'm' } as MachineView, { id: 'n' } as MachineView]
  await Promise.all([writing, one.announce()])
  expect((await two.states())[1]?.machines).toEqual(machines)

  // A power cut: it is not asked any more after some beats, and its row goes later.
  const past = (ms: number) =>
    db
      .updateTable('servers')
      .set(({ eb }) => ({ seenAt: eb('seenAt', '-', ms) }))
      .where('id', '=', other.id)
      .execute()
  await past(20_000)
  await two.states()
  expect(await two.addressOf(other.id)).toBeUndefined()
  await one.stop()
  expect(await two.states()).toHaveLength(1)
  expect(await db.selectFrom('servers').select('id').orderBy('id').execute()).toEqual([
    { id: two.id },
    { id: other.id },
  ])
  await past(60_000)
  await two.start('http://10.0.0.2:4747')
  expect(await db.selectFrom('servers').select('id').execute()).toEqual([{ id: two.id }])
  await two.stop()
  await db.destroy()
})
