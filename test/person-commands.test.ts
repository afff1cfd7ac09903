import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Browser } from './program/account-browser.ts'
import { Command } from './program/cli-process.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

test('accounts are made at the command line beside a server, whose commands go on without a token', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const settings = { NIGHTJAR_AUTH: 'accounts' }
  await using server = await ServerProcess.start({ data, speakers: 1, settings })
  expect(server.log).toMatch(/the first admin with the code [2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}"/)
  const run = async (...words: string[]) => {
    const { code, out, err } = await new Command(words, data, undefined, settings).ended
    return { code, out, err }
  }

  const added = await run('person', 'add', 'Ada')
  expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/\/join#njl_[\w-]{43}\n$/) })
  const browser = new Browser(server.address)
  const secret = added.out.trim().split('#')[1]
  const followed = await browser.post('/api/accounts/links/follow', {
    secret,
    password: 'a lamp in the window',
  })
  expect(await followed.json()).toMatchObject({ person: { name: 'Ada', role: 'admin' } })
  expect((await run('person', 'add', 'Ben', '--role', 'editor')).code).toBe(0)
  expect((await run('person', 'list')).out).toBe('Ada (admin)\nBen (editor, no password)\n')
  expect(await run('person', 'add', 'ada')).toMatchObject({
    code: 1,
    err: expect.stringContaining('already'),
  })
  expect(await run('person', 'add', 'Eve', '--role', 'queen')).toMatchObject({
    code: 1,
    err: expect.stringContaining('listener, editor, admin'),
  })
  expect(await run('person', 'reset', 'Nobody')).toMatchObject({ code: 1 })
  const reset = (await run('person', 'reset', 'ADA')).out.trim().split('#')[1]
  const other = { secret: reset, password: 'two lamps in the window' }
  expect((await browser.post('/api/accounts/links/follow', other)).status).toBe(200)

  const token = async (...words: string[]) => (await run('token', 'create', ...words)).out.trim()
  const asked = async (path: string, secret: string) =>
    (await server.fetch(path, { headers: { authorization: `Bearer ${secret}` } })).status
  const house = await token('monitoring', '--scope', 'read')
  expect([await asked('/metrics', house), await asked('/api/webhooks', house)]).toEqual([200, 403])
  // An editor's token with every scope.
  const bens = await token('app', '--scope', 'read,listen,edit,admin', '--person', 'ben')
  expect([await asked('/api/trash', bens), await asked('/api/webhooks', bens)]).toEqual([200, 403])
  expect(await run('token', 'create', 'x', '--scope', 'everything')).toMatchObject({ code: 1 })

  // The commands ask the running server, which would let nobody else in.
  expect(await run('status')).toMatchObject({ code: 0, out: 'Nothing was asked for yet.\n' })
  expect((await server.fetch('/api/worker/queue')).status).toBe(401)
  const published = join(data, 'server.json')
  expect(JSON.parse(readFileSync(published, 'utf8'))).toHaveProperty('secret')
  expect(statSync(published).mode & 0o077).toBe(0)
  expect(server.log).not.toContain('njc_')
})
