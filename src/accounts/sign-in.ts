import { Failure } from '../novel/failure.ts'
import { nameKeyOf, type Person } from '../novel/person.ts'
import type { Database } from '../storage/database-tables.ts'
import { changePeople, passwordOf, personByName, updatePerson } from '../storage/queries/people-queries.ts'
import { deleteSessions } from '../storage/queries/session-queries.ts'
import { limitAttempts } from './attempts.ts'
import { type Doer, writeAudit } from './audit.ts'
import { checkPassword, hashPassword, isPassword } from './passwords.ts'

/** Who has this name and password. Throws `account.wrong-password`, whichever of the two is wrong, and `account.slow`. */
export async function personOfPassword(
  db: Database,
  { name, password }: { readonly name: string; readonly password: string },
  doer: Doer,
): Promise<Person> {
  const { address } = doer
  const person = await limitAttempts(db, { address, name: nameKeyOf(name) }, async () => {
    const known = await personByName(db, name)
    const right = await isPassword(password, known?.password)
    return right && known?.person.disabledAt === undefined ? known?.person : undefined
  })
  if (!person) {
    await writeAudit(db, doer, 'sign-in.failed', name)
    throw new Failure('account.wrong-password')
  }
  return person
}

/**
 * Sets another password, for whoever knows the present one, and ends all other sessions. Throws `account.wrong-password`,
 * `account.weak-password`, `account.slow`, `account.no-password`.
 */
export async function changePassword(
  db: Database,
  person: Person,
  { current, password }: { readonly current: string; readonly password: string },
  { doer, session }: { readonly doer: Doer; readonly session?: string | undefined },
): Promise<void> {
  if (!person.hasPassword) throw new Failure('account.no-password')
  const { address } = doer
  const right = await limitAttempts(db, { address, name: `password of ${person.id}` }, async () =>
    (await isPassword(current, await passwordOf(db, person.id))) ? true : undefined,
  )
  if (!right) throw new Failure('account.wrong-password')
  checkPassword(password, person.name)
  const hash = await hashPassword(password)
  await changePeople(db, async (commit) => {
    await updatePerson(commit, person.id, { password: hash })
    await deleteSessions(commit, person.id, session)
    await writeAudit(commit, doer, 'password.changed', person.name)
  })
}
