import { expect, test } from 'vitest'
import { z } from 'zod'
import { newServerId, serverOfUuid, uuidOfServer } from './server-ids.ts'

test('the ids of a server’s machines and leases are UUIDs that tell whose they are', () => {
  const server = newServerId()
  expect(server).toMatch(/^[\da-f]{8}$/)
  const ids = Array.from({ length: 100 }, () => uuidOfServer(server))
  expect(new Set(ids).size).toBe(100)
  for (const id of ids) {
    expect(z.uuid().safeParse(id).success, id).toBe(true)
    expect(id[14]).toBe('8')
    expect(serverOfUuid(id)).toBe(server)
  }
})
