import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openInvitations } from '../src/storage/queries/account-link-queries.ts'
import { auditRows } from '../src/storage/queries/audit-queries.ts'
import { houseSetting } from '../src/storage/queries/house-setting-queries.ts'
import { listPeople } from '../src/storage/queries/people-queries.ts'
import { openTestStorage } from './program/open-storage.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const program = fileURLToPath(new URL('./program/people-process.ts', import.meta.url))

test('killed between any two writes, each account is whole: with its listener, its used link, and its line in the log; and so is what is set for the house', async () => {
  await using folder = await temporaryFolder()
  let round = 1
  for (const until of ['code', 'admin', 'invited', 'followed', 'set', 'added', 'set']) {
    const child = spawn(process.execPath, [program, folder.path, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let told = ''
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    while (!told.includes(`${until} `)) await once(child.stdout, 'data')
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended

    const db = await openTestStorage(folder.path)
    const people = await listPeople(db)
    const listeners = await db.selectFrom('listeners').select('id').execute()
    for (const { name, listener } of people) expect(listeners, name).toContainEqual({ id: listener })
    // Nobody is a listener without an account but the one who was there before.
    expect(listeners.length).toBe(Math.max(1, people.length))
    const setups = await db.selectFrom('accountLinks').select('id').where('kind', '=', 'setup').execute()
    const log = await auditRows(db, 500)
    const count = (action: string): number => log.filter((row) => row.action === action).length
    // Either the code is still good, or there is the one admin, who has the listener of before.
    const admins = people.filter(({ role }) => role === 'admin')
    expect(admins.length).toBe(count('setup'))
    if (admins.length === 1) expect([setups.length, admins[0]?.listener]).toEqual([0, 'home'])
    else expect(setups.length).toBeGreaterThan(0)
    const guests = people.filter(({ name }) => name.startsWith('guest'))
    expect(guests.length).toBe(count('invitation.used'))
    const open = await openInvitations(db, new Date().toISOString())
    expect(guests.length + open.length).toBe(count('invitation.made'))
    for (const [, at] of told.matchAll(/followed (\d+)/g)) {
      expect(people.map(({ name }) => name)).toContain(`guest ${at}`)
    }
    // What was set for the house is what was set last, whole.
    const [, set] = [...told.matchAll(/set (\d+)/g)].at(-1) ?? []
    const stored = (await houseSetting(db, 'rounds')) as { readonly last: number } | undefined
    if (set !== undefined) expect([Number(set), Number(set) + 1]).toContain(stored?.last)
    await db.destroy()
    // Killed before there was an admin, the next one begins with the code again.
    if (admins.length === 1) round += 100
  }
  expect(round).toBeGreaterThan(400)
})
