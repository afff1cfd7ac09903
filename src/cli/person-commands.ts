import { addPerson, type MadeLink, offerReset } from '../accounts/account-links.ts'
import { type Doer, writeAudit } from '../accounts/audit.ts'
import { personNamed } from '../accounts/people.ts'
import { Failure } from '../novel/failure.ts'
import { type Role, roles } from '../novel/person.ts'
import type { Database } from '../storage/database-tables.ts'
import { hasPeople, listPeople } from '../storage/queries/people-queries.ts'
import type { CliSettings } from './api-client.ts'
import type { CommandStorage } from './command-storage.ts'

interface PersonContext {
  readonly settings: CliSettings
  readonly storage: CommandStorage
}

const doer: Doer = { caller: { kind: 'console' }, address: '' }

/** What `nightjar person …` can do, at the data folder; `undefined` when the words after it make no sense. */
export async function people(
  { settings, storage }: PersonContext,
  words: readonly string[],
  { role }: { readonly role?: string },
): Promise<number | undefined> {
  const [verb, name, ...more] = words
  const isList = verb === 'list' && name === undefined
  const isOne = (verb === 'add' || verb === 'reset') && name !== undefined && more.length === 0
  if (!isList && !isOne) return undefined
  await using opened = await storage.openDatabase(settings)
  const { db } = opened
  if (name === undefined) return await printPeople(db)
  const { id } = verb === 'add' ? await add(db, name, role) : await personNamed(db, name)
  printLink(settings, await offerReset(db, id, doer))
  return 0
}

/** The first one is an admin if nothing else is said. */
async function add(db: Database, name: string, given: string | undefined) {
  const role = given ?? ((await hasPeople(db)) ? 'listener' : 'admin')
  if (!isRole(role)) throw new Failure('request.invalid', { detail: `the roles are ${roles.join(', ')}` })
  return addPerson(db, { name, role }, (commit, person) =>
    writeAudit(commit, doer, 'person.added', `${person.name} (${role})`),
  )
}

function isRole(text: string): text is Role {
  return roles.includes(text as Role)
}

function printLink({ HOST, PORT }: CliSettings, { secret, expiresAt }: MadeLink): void {
  const host = HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST
  console.log(`http://${host.includes(':') ? `[${host}]` : host}:${PORT}/join#${secret}`)
  console.error(
    `Whoever opens this sets the password, once, until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC. Where people reach Nightjar by another address, put that before /join.`,
  )
}

async function printPeople(db: Database): Promise<number> {
  const all = await listPeople(db)
  for (const { name, role, disabledAt, hasPassword } of all) {
    const notes = [role, ...(hasPassword ? [] : ['no password']), ...(disabledAt ? ['shut out'] : [])]
    console.log(`${name} (${notes.join(', ')})`)
  }
  if (all.length === 0) console.error('Nobody has an account. "nightjar person add NAME" makes one.')
  return 0
}
