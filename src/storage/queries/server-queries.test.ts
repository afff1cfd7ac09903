import { expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/fixtures/small-novel.ts'
import { deleteServer, deleteSilentServers, liveServers, saveServer } from './server-queries.ts'

const one = { id: '00000001', address: 'http://10.0.0.1:4747', state: '{"one":1}' }
const two = { id: '00000002', address: 'http://10.0.0.2:4747', state: '{"two":2}' }

test('servers are listed while they are seen, with what they wrote last', async () => {
  const db = await emptyDatabase()
  await saveServer(db, one)
  await saveServer(db, { ...two, state: '{}' })
  await saveServer(db, two)
  expect(await liveServers(db, 10_000)).toEqual([one, two])
  await db
    .updateTable('servers')
    .set(({ eb }) => ({ seenAt: eb('seenAt', '-', 20_000) }))
    .where('id', '=', one.id)
    .execute()
  expect(await liveServers(db, 10_000)).toEqual([two])
  expect(await liveServers(db, 60_000)).toEqual([one, two])
  await deleteSilentServers(db, 60_000)
  expect(await liveServers(db, 60_000)).toHaveLength(2)
  await deleteSilentServers(db, 10_000)
  expect(await liveServers(db, 60_000)).toEqual([two])
  await deleteServer(db, two.id)
  expect(await liveServers(db, 60_000)).toEqual([])
  await db.destroy()
})
