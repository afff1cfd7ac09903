import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../novel/failure.ts'
import type { Person, Role, Vouched } from '../novel/person.ts'
import type { Database } from '../storage/database-tables.ts'
import { deleteSetupCodes } from '../storage/queries/account-link-queries.ts'
import {
  changePeople,
  hasOtherAdmin,
  hasPeople,
  insertPerson,
  passwordOf,
  personById,
  personByName,
  personBySubject,
  subjectOfPerson,
  updatePerson,
} from '../storage/queries/people-queries.ts'
import { deleteSessions } from '../storage/queries/session-queries.ts'
import { type Doer, doneBy, writeAudit } from './audit.ts'
import { hasGroups, type RoleRule, roleOf } from './role-rule.ts'

/**
 * The person of whom others vouch for, by the subject alone; with the role that the groups say, if they say any. Who is new
 * gets an account where the rule gives them a role; the first one only as an admin. Throws `account.not-invited` and
 * `account.shut-out`.
 */
export async function personVouchedFor(
  db: Database,
  vouched: Vouched,
  rule: RoleRule,
  doer: Doer,
): Promise<Person> {
  const role = roleOf(rule, vouched.groups)
  const known = await personBySubject(db, vouched.subject)
  if (!known) {
    if (role === undefined) throw new Failure('account.not-invited')
    return addVouched(db, vouched, role, doer)
  }
  if (known.disabledAt !== undefined) throw new Failure('account.shut-out')
  if (!hasGroups(rule) || role === known.role) return known
  if (role === undefined) {
    await deleteSessions(db, known.id)
    throw new Failure('account.not-invited')
  }
  return changeRole(db, known, role, doer)
}

async function addVouched(db: Database, { subject, name }: Vouched, role: Role, doer: Doer): Promise<Person> {
  return changePeople(db, async (commit) => {
    // A page asks for several things at once.
    const known = await personBySubject(commit, subject)
    if (known) return known
    const isFirst = !(await hasPeople(commit))
    if (isFirst && role !== 'admin') throw new Failure('account.not-invited')
    const called = await freeName(commit, name)
    const person = await insertPerson(commit, { id: uuidv7(), name: called, role, subject })
    if (isFirst) await deleteSetupCodes(commit)
    const action = isFirst ? 'setup' : 'person.added'
    await writeAudit(commit, doneBy(person, doer), action, `${person.name} (${role})`)
    return person
  })
}

/** The last admin stays one, whatever the groups say: somebody has to be able to mend it. */
async function changeRole(db: Database, { id, name, role: before }: Person, role: Role, doer: Doer) {
  return changePeople(db, async (commit) => {
    const mayChange = before !== 'admin' || (await hasOtherAdmin(commit, id))
    if (mayChange) {
      await updatePerson(commit, id, { role })
      await writeAudit(commit, doer, 'person.role', `${name}: ${before} → ${role}`)
    }
    const person = await personById(commit, id)
    if (!person) throw new Failure('account.not-invited')
    return person
  })
}

/** A name as it may be stored, that nobody has: `Ada`, `Ada 2`. */
async function freeName(commit: Database, given: string): Promise<string> {
  const plain = given
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 90)
  const name = plain === '' ? 'Guest' : plain
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name} ${number}`
    if (!(await personByName(commit, tried))) return tried
  }
}

/**
 * Lets a person come in by who vouches for them too, from now on. Throws `account.subject-taken`: somebody else does
 * already.
 */
export async function connectSubject(
  db: Database,
  person: Person,
  subject: string,
  doer: Doer,
): Promise<void> {
  await changePeople(db, async (commit) => {
    const known = await personBySubject(commit, subject)
    if (known && known.id !== person.id) throw new Failure('account.subject-taken')
    await updatePerson(commit, person.id, { subject })
    await writeAudit(commit, doer, 'subject.connected', person.name)
  })
}

/**
 * Lets a person come in by their provider no more; everywhere but in `session` they have to sign in again. Throws
 * `account.only-way`: there is no password, so nothing else would let them in; `account.not-connected`.
 */
export async function disconnectSubject(
  db: Database,
  { id, name }: Person,
  isOfProvider: (subject: string) => boolean,
  { doer, session }: { readonly doer: Doer; readonly session?: string | undefined },
): Promise<void> {
  await changePeople(db, async (commit) => {
    const subject = await subjectOfPerson(commit, id)
    if (subject === null || !isOfProvider(subject)) throw new Failure('account.not-connected')
    if ((await passwordOf(commit, id)) == null) throw new Failure('account.only-way')
    await updatePerson(commit, id, { subject: null })
    await deleteSessions(commit, id, session)
    await writeAudit(commit, doer, 'subject.disconnected', name)
  })
}
