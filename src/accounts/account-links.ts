import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../novel/failure.ts'
import { nameKeyOf, type Person, type Role } from '../novel/person.ts'
import type { Database } from '../storage/database-tables.ts'
import {
  accountLinkByDigest,
  type AccountLinkRow,
  deleteAccountLink,
  deleteExpiredLinks,
  deleteResets,
  deleteSetupCodes,
  insertAccountLink,
} from '../storage/queries/account-link-queries.ts'
import {
  changePeople,
  hasPeople,
  insertPerson,
  personById,
  personByName,
  personBySubject,
  updatePerson,
} from '../storage/queries/people-queries.ts'
import { deleteSessions } from '../storage/queries/session-queries.ts'
import { limitAttempts } from './attempts.ts'
import { type Doer, doneBy, writeAudit } from './audit.ts'
import { isoTime } from './uses.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { digestOf, newCode, newSecret, plainCode } from './secrets.ts'

const hourMs = 3_600_000
const inviteMs = 7 * 24 * hourMs
const resetMs = 24 * hourMs
const setupMs = 24 * hourMs

const longestName = 100
const linkPrefix = 'njl_'

/** A secret that is good for one use, and until when. */
export interface MadeLink {
  readonly id: string
  readonly secret: string
  readonly expiresAt: string
}

export interface NewAccount {
  readonly name: string
  readonly password: string
}

/** A code with which whoever reads the server's log makes the first admin. */
export async function newSetupCode(db: Database, now = Date.now()): Promise<{ code: string; until: number }> {
  const code = newCode()
  await insert(db, { kind: 'setup', role: 'admin', secret: plainCode(code), until: now + setupMs }, now)
  return { code, until: now + setupMs }
}

/**
 * Makes the first admin, who takes over what the listener of this house has stored so far. Throws `account.set-up`,
 * `account.wrong-code`, `account.slow`, `account.weak-password`, `account.no-name`.
 */
export async function setUp(
  db: Database,
  { code, name, password }: NewAccount & { readonly code: string },
  doer: Doer,
): Promise<Person> {
  if (await hasPeople(db)) throw new Failure('account.set-up')
  const { address } = doer
  const link = await limitAttempts(db, { address, name: '(setup)' }, () =>
    accountLinkByDigest(db, digestOf(plainCode(code)), isoTime(Date.now())),
  )
  if (link?.kind !== 'setup') throw new Failure('account.wrong-code')
  return addPerson(
    db,
    { name, role: 'admin', password, subject: vouchedSubject(doer) },
    async (commit, person) => {
      await deleteSetupCodes(commit)
      await writeAudit(commit, doneBy(person, doer), 'setup', person.name)
    },
    { first: true },
  )
}

/** `name`: a proposal to whoever follows it; empty: none. */
export async function invite(
  db: Database,
  { role, name }: { readonly role: Role; readonly name: string },
  doer: Doer,
): Promise<MadeLink> {
  const secret = newSecret(linkPrefix)
  const link = { kind: 'invite', role, name, secret, until: Date.now() + inviteMs } as const
  return db.transaction().execute(async (commit) => {
    await writeAudit(commit, doer, 'invitation.made', name === '' ? role : `${name} (${role})`)
    return insert(commit, link)
  })
}

/** A link by which a person sets another password; an older one is good no more. Throws `account.unknown`. */
export async function offerReset(db: Database, id: string, doer: Doer): Promise<MadeLink> {
  const person = await personById(db, id)
  if (!person) throw new Failure('account.unknown')
  const secret = newSecret(linkPrefix)
  const { role, name } = person
  const link = { kind: 'reset', person: id, role, name, secret, until: Date.now() + resetMs } as const
  return db.transaction().execute(async (commit) => {
    await deleteResets(commit, id)
    await writeAudit(commit, doer, 'reset.made', name)
    return insert(commit, link)
  })
}

/** An invitation or a link for another password. Throws `account.link`. */
export async function knownLink(db: Database, secret: string): Promise<AccountLinkRow> {
  const link = await accountLinkByDigest(db, digestOf(secret), isoTime(Date.now()))
  if (!link || link.kind === 'setup') throw new Failure('account.link')
  return link
}

/**
 * Follows a link: whoever was invited gets an account under `name`, and who had one another password; all sessions of the
 * latter end. One use, whatever happens at the same time. Throws `account.link`, `account.name-taken`,
 * `account.weak-password`, `account.no-name`.
 */
export async function followLink(
  db: Database,
  { secret, name, password }: NewAccount & { readonly secret: string },
  doer: Doer,
): Promise<Person> {
  const link = await knownLink(db, secret)
  const useUp = async (commit: Database): Promise<void> => {
    if (!(await deleteAccountLink(commit, link.id))) throw new Failure('account.link')
  }
  if (link.person === null) {
    const account = { name, role: link.role, password, subject: vouchedSubject(doer) }
    return addPerson(db, account, async (commit, person) => {
      await useUp(commit)
      await writeAudit(commit, doneBy(person, doer), 'invitation.used', person.name)
    })
  }
  checkPassword(password, link.name)
  const hash = await hashPassword(password)
  const id = link.person
  return changePeople(db, async (commit) => {
    await useUp(commit)
    await updatePerson(commit, id, { password: hash })
    await deleteSessions(commit, id)
    const person = await personById(commit, id)
    if (!person || person.disabledAt !== undefined) throw new Failure('account.link')
    await writeAudit(commit, doneBy(person, doer), 'reset.used', person.name)
    return person
  })
}

interface WantedPerson {
  readonly name: string
  readonly role: Role
  readonly password?: string
  /** By which others vouch for them. */
  readonly subject?: string | undefined
}

/**
 * Adds a person, with what `also` writes, in one commit. Without a password they sign in by a link or by others. Throws
 * `account.name-taken`, `account.no-name`, `account.weak-password`, and with `first` `account.set-up`.
 */
export async function addPerson(
  db: Database,
  { name, role, password, subject }: WantedPerson,
  also: (commit: Database, person: Person) => Promise<void>,
  { first = false } = {},
): Promise<Person> {
  const called = checkedName(name)
  if (password !== undefined) checkPassword(password, called)
  const hash = password === undefined ? undefined : await hashPassword(password)
  return changePeople(db, async (commit) => {
    if (first && (await hasPeople(commit))) throw new Failure('account.set-up')
    if (await personByName(commit, called)) throw new Failure('account.name-taken', { name: called })
    if (subject !== undefined && (await personBySubject(commit, subject))) {
      throw new Failure('account.subject-taken')
    }
    const person = await insertPerson(commit, { id: uuidv7(), name: called, role, password: hash, subject })
    await also(commit, person)
    return person
  })
}

/** Behind a proxy that knows somebody already, their new account is the one that it vouches for from now on. */
function vouchedSubject({ caller }: Doer): string | undefined {
  return caller.kind === 'nobody' ? caller.vouched?.subject : undefined
}

/** Throws `account.no-name`. */
export function checkedName(name: string): string {
  const called = name.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (nameKeyOf(called) === '' || called.length > longestName || /\p{Cc}/u.test(called)) {
    throw new Failure('account.no-name', { longest: longestName })
  }
  return called
}

interface Wanted {
  readonly kind: AccountLinkRow['kind']
  readonly role: Role
  readonly secret: string
  /** Epoch milliseconds. */
  readonly until: number
  readonly person?: string
  readonly name?: string
}

async function insert(
  db: Database,
  { kind, role, secret, until, person, name = '' }: Wanted,
  now = Date.now(),
): Promise<MadeLink> {
  await deleteExpiredLinks(db, isoTime(now))
  const link = {
    id: uuidv7(),
    digest: digestOf(secret),
    kind,
    person: person ?? null,
    role,
    name,
    createdAt: isoTime(now),
    expiresAt: isoTime(until),
  }
  await insertAccountLink(db, link)
  return { id: link.id, secret, expiresAt: link.expiresAt }
}
