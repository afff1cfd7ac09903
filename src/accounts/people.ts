import { Failure } from '../novel/failure.ts'
import { nameKeyOf, type Person, type Role } from '../novel/person.ts'
import type { Database } from '../storage/database-tables.ts'
import {
  changePeople,
  deletePerson,
  hasOtherAdmin,
  personById,
  personByName,
  updatePerson,
} from '../storage/queries/people-queries.ts'
import { deleteSessions } from '../storage/queries/session-queries.ts'
import { checkedName } from './account-links.ts'
import { type Doer, writeAudit } from './audit.ts'

export interface WantedChange {
  readonly name?: string | undefined
  readonly role?: Role | undefined
  readonly disabled?: boolean | undefined
}

/**
 * Changes what a person is. Who is shut out is signed out everywhere. Throws `account.unknown`, `account.name-taken`,
 * `account.no-name`, `account.last-admin`.
 */
export async function changePerson(
  db: Database,
  id: string,
  { name, role, disabled }: WantedChange,
  doer: Doer,
): Promise<Person> {
  return changePeople(db, async (commit) => {
    const person = await requirePerson(commit, id)
    if ((role !== undefined && role !== 'admin') || disabled) await requireOtherAdmin(commit, person)
    if (name !== undefined) {
      const called = checkedName(name)
      const other = await personByName(commit, called)
      if (other && other.person.id !== id) throw new Failure('account.name-taken', { name: called })
      if (called !== person.name) {
        await updatePerson(commit, id, { name: called })
        await writeAudit(commit, doer, 'person.renamed', `${person.name} → ${called}`)
      }
    }
    if (role !== undefined && role !== person.role) {
      await updatePerson(commit, id, { role })
      await writeAudit(commit, doer, 'person.role', `${person.name}: ${person.role} → ${role}`)
    }
    if (disabled !== undefined && disabled !== (person.disabledAt !== undefined)) {
      await updatePerson(commit, id, { disabledAt: disabled ? new Date().toISOString() : null })
      if (disabled) await deleteSessions(commit, id)
      await writeAudit(commit, doer, disabled ? 'person.disabled' : 'person.enabled', person.name)
    }
    return requirePerson(commit, id)
  })
}

/** Removes a person with all that is stored for them. Throws `account.unknown`, `account.last-admin`. */
export async function removePerson(db: Database, id: string, doer: Doer): Promise<void> {
  await changePeople(db, async (commit) => {
    const person = await requireRemovable(commit, id)
    await deletePerson(commit, person)
    await writeAudit(commit, doer, 'person.deleted', person.name)
  })
}

/** Signs a person out everywhere. Returns how many sessions ended. Throws `account.unknown`. */
export async function endSessions(db: Database, id: string, doer: Doer): Promise<number> {
  return db.transaction().execute(async (commit) => {
    const { name } = await requirePerson(commit, id)
    await writeAudit(commit, doer, 'sessions.ended', name)
    return deleteSessions(commit, id)
  })
}

/** The person with this name, as the command line has it. Throws `account.unknown`. */
export async function personNamed(db: Database, name: string): Promise<Person> {
  const known = nameKeyOf(name) === '' ? undefined : await personByName(db, name)
  if (!known) throw new Failure('account.unknown')
  return known.person
}

/** Whoever may be removed. Throws `account.unknown`, `account.last-admin`. */
export async function requireRemovable(db: Database, id: string): Promise<Person> {
  const person = await requirePerson(db, id)
  await requireOtherAdmin(db, person)
  return person
}

async function requirePerson(db: Database, id: string): Promise<Person> {
  const person = await personById(db, id)
  if (!person) throw new Failure('account.unknown')
  return person
}

/** Somebody has to be able to let others in. */
async function requireOtherAdmin(commit: Database, { id, role, disabledAt }: Person): Promise<void> {
  if (role !== 'admin' || disabledAt !== undefined) return
  if (!(await hasOtherAdmin(commit, id))) throw new Failure('account.last-admin')
}
