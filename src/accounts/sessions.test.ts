import { expect, test } from 'vitest'
import { emptyDatabase } from '../../test/fixtures/small-novel.ts'
import { addPerson } from './account-links.ts'
import { beginSession, knownSession } from './sessions.ts'

const dayMs = 24 * 3_600_000
const now = Date.parse('2026-11-29T12:00:00.000Z')

test('a session ends after 30 days without use, and after 180 days however it is used', async () => {
  const db = await emptyDatabase()
  const person = await addPerson(db, { name: 'Ada', role: 'listener' }, async () => undefined)
  const begin = () => beginSession(db, person, { address: '', userAgent: '' }, now)
  const idle = await begin()
  expect(await knownSession(db, idle.secret, now + 30 * dayMs)).toBeUndefined()
  expect(await knownSession(db, idle.secret, now + 30 * dayMs - 1)).toMatchObject({ person: { name: 'Ada' } })

  const used = await begin()
  for (let day = 20; day < 180; day += 20)
    expect(await knownSession(db, used.secret, now + day * dayMs), `day ${day}`).toBeDefined()
  expect(await knownSession(db, used.secret, now + 180 * dayMs)).toBeUndefined()
  await db.destroy()
})
