import { afterAll, expect, test } from 'vitest'
import { createToken } from '../src/accounts/access-tokens.ts'
import { newSetupCode } from '../src/accounts/account-links.ts'
import type { Machines } from '../src/http/contract/speaker-contract.ts'
import { Browser } from './program/account-browser.ts'
import { startApplication } from './program/in-process-application.ts'
import { askAsMachine, introduction } from './program/machine-by-hand.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { storageSettings } from './program/test-storage.ts'

// Two servers on one Postgres (npm run test:many), where people sign in: a machine that joined one of them is drained and
// forgotten by an admin whose browser the balancer has led to the other.

const folder = await temporaryFolder()
const objects = { NIGHTJAR_OBJECTS: `${folder.path}/objects` }
const settings = {
  NIGHTJAR_AUTH: 'accounts',
  NIGHTJAR_SPEAKERS: '0',
  ...objects,
  ...storageSettings(folder.path),
}
const one = await startApplication({ unready: true, settings })
const two = await startApplication({ unready: true, settings })
afterAll(async () => {
  await one[Symbol.asyncDispose]()
  await two[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('an admin steers a machine of the server that does not answer the browser', async () => {
  const { db } = one.application
  const { secret } = await createToken(db, { name: 'attic', scopes: ['speak'] })
  const joined = await askAsMachine(one.api, secret, 'POST', '', introduction)
  const machine = joined.answer.speaker?.id ?? ''
  const ada = new Browser(two.api.address)
  const { code } = await newSetupCode(db)
  const made = await ada.post('/api/accounts/setup', { code, name: 'Ada', password: 'a lamp in the window' })
  expect(made.status).toBe(201)
  const drained = await ada.post(`/api/machines/${machine}/drain`, {})
  expect(drained.status).toBe(200)
  const { machines } = await ada.json<Machines>('/api/machines')
  expect(machines.find(({ id }) => id === machine)?.state).toBe('draining')
  // Who is nobody here is nobody there.
  const nobody = await new Browser(two.api.address).post(`/api/machines/${machine}/resume`, {})
  expect(nobody.status).toBe(401)
})
