import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { emptyDatabase } from '../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../test/program/test-storage.ts'
import { listTokens, revokeToken } from '../storage/queries/token-queries.ts'
import { authorize, createToken } from './access-tokens.ts'

const now = Date.parse('2026-11-29T12:00:00.000Z')

test('a token is known by its secret, which is not stored', async () => {
  const db = await emptyDatabase()
  const { token, secret } = await createToken(db, { name: 'desk', scopes: ['speak'] })
  expect(secret).toMatch(/^nj_[\w-]{43}$/)
  expect(await authorize(db, secret, 'speak', now)).toMatchObject({ id: token.id, name: 'desk' })
  const rows = await db.selectFrom('accessTokens').selectAll().execute()
  expect(rows).toHaveLength(1)
  for (const value of Object.values(rows[0] ?? {})) {
    const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
    expect(text).not.toContain(secret.slice(3))
  }
  await db.destroy()
})

test('what is no token, or is one no more, is refused alike', async () => {
  const db = await emptyDatabase()
  const { token, secret } = await createToken(db, { name: 'desk', scopes: ['speak'] })
  const other = await createToken(db, { name: 'attic', scopes: ['speak'] })
  for (const wrong of [undefined, '', 'nj_', secret.slice(0, -1), `${secret}A`, secret.toUpperCase(), '\0']) {
    await expect(authorize(db, wrong, 'speak', now), String(wrong)).rejects.toMatchObject({
      code: 'token.unknown',
    })
  }
  expect(await revokeToken(db, token.id, '2026-11-29T12:00:00.000Z')).toBe(true)
  await expect(authorize(db, secret, 'speak', now)).rejects.toMatchObject({ code: 'token.unknown' })
  await expect(authorize(db, other.secret, 'speak', now)).resolves.toMatchObject({ name: 'attic' })
  expect(await revokeToken(db, token.id, '2026-11-30T12:00:00.000Z')).toBe(true)
  expect((await listTokens(db)).map(({ revokedAt }) => revokedAt)).toEqual([
    '2026-11-29T12:00:00.000Z',
    undefined,
  ])
  expect(await revokeToken(db, 'nobody', '2026-11-29T12:00:00.000Z')).toBe(false)
  await db.destroy()
})

test('a token of another scope does not allow it', async () => {
  const db = await emptyDatabase()
  const { secret } = await createToken(db, { name: 'feeds', scopes: ['listen'] })
  await expect(authorize(db, secret, 'speak', now)).rejects.toMatchObject({ code: 'token.scope' })
  await db.destroy()
})

test('when it was used last is written down at most once a minute', async () => {
  const db = await emptyDatabase()
  const { secret } = await createToken(db, { name: 'desk', scopes: ['speak'] })
  const lastUsed = async (at: number) => {
    await authorize(db, secret, 'speak', at)
    return (await listTokens(db))[0]?.lastUsedAt
  }
  expect(await lastUsed(now)).toBe('2026-11-29T12:00:00.000Z')
  expect(await lastUsed(now + 59_999)).toBe('2026-11-29T12:00:00.000Z')
  expect(await lastUsed(now + 60_000)).toBe('2026-11-29T12:01:00.000Z')
  await db.destroy()
})

test('a database that takes no writes keeps nobody out', async () => {
  const db = await emptyDatabase()
  const { secret } = await createToken(db, { name: 'desk', scopes: ['speak'] })
  const readOnly = onPostgres ? sql`SET default_transaction_read_only = on` : sql`PRAGMA query_only = ON`
  await readOnly.execute(db)
  await expect(authorize(db, secret, 'speak', now)).resolves.toMatchObject({ name: 'desk' })
  await db.destroy()
})
