import { addPerson, followLink, invite, newSetupCode, setUp } from '../../src/accounts/account-links.ts'
import type { Doer } from '../../src/accounts/audit.ts'
import { changeHouseSetting } from '../../src/storage/queries/house-setting-queries.ts'
import { openTestStorage } from './open-storage.ts'

/**
 * Makes the first admin, then invites and lets in one person after the other and sets something for the house, and says each,
 * until it is killed.
 */
const [folder = '', first = '1'] = process.argv.slice(2)
const db = await openTestStorage(folder)
const doer: Doer = { caller: { kind: 'console' }, address: '127.0.0.1' }
const password = 'a lamp in the window'
if (first === '1') {
  const { code } = await newSetupCode(db)
  process.stdout.write('code 1\n')
  await setUp(db, { code, name: 'Ada', password }, doer)
  process.stdout.write('admin 1\n')
}
for (let round = Number(first); ; round++) {
  const { secret } = await invite(db, { role: 'editor', name: '' }, doer)
  process.stdout.write(`invited ${round}\n`)
  await followLink(db, { secret, name: `guest ${round}`, password }, doer)
  process.stdout.write(`followed ${round}\n`)
  await addPerson(db, { name: `added ${round}`, role: 'listener' }, async () => undefined)
  process.stdout.write(`added ${round}\n`)
  await changeHouseSetting(db, 'rounds', (known) => ({ last: round, before: known ?? null }))
  process.stdout.write(`set ${round}\n`)
}
