import type { Selectable } from 'kysely'
import type { Person, Role } from '../../novel/person.ts'
import { nameKeyOf } from '../../novel/person.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { hideNovel } from './deletion-queries.ts'
import { keptBy, peopleTopic } from './kept-novel-queries.ts'
import { deleteFeedsOf } from './removal-queries.ts'

/** Runs `work` in a transaction while nobody else adds, changes or removes people. */
export async function changePeople<T>(db: Database, work: (commit: Database) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (commit) => {
    await sqlDialect(commit).serialize(commit, peopleTopic)
    return work(commit)
  })
}

export interface NewPerson {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly password?: string | undefined
  readonly subject?: string | undefined
}

/** The first person takes the listener's state that was there before there were people. */
const firstListener = 'home'

/** Within `changePeople`. Throws nothing: whether the name is free is asked before. */
export async function insertPerson(commit: Database, person: NewPerson): Promise<Person> {
  const { id, name, role, password = null, subject = null } = person
  const createdAt = new Date().toISOString()
  const taken = await commit
    .selectFrom('people')
    .select('id')
    .where('listener', '=', firstListener)
    .executeTakeFirst()
  const listener = taken ? id : firstListener
  if (taken) await commit.insertInto('listeners').values({ id, name, createdAt }).execute()
  const row = {
    id,
    name,
    nameKey: nameKeyOf(name),
    role,
    password,
    subject,
    listener,
    createdAt,
    disabledAt: null,
  }
  await commit.insertInto('people').values(row).execute()
  return asPerson(row)
}

export async function hasPeople(db: Database): Promise<boolean> {
  return (await db.selectFrom('people').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** In the order in which they came. */
export async function listPeople(db: Database): Promise<Person[]> {
  const rows = await db.selectFrom('people').selectAll().orderBy('createdAt').orderBy('id').execute()
  return rows.map(asPerson)
}

export async function personById(db: Database, id: string): Promise<Person | undefined> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asPerson(row)
}

/** By the provider or proxy that vouches for them. */
export async function personBySubject(db: Database, subject: string): Promise<Person | undefined> {
  const row = await db.selectFrom('people').selectAll().where('subject', '=', subject).executeTakeFirst()
  return row && asPerson(row)
}

/** `password`: its hash as a PHC string; `null`: none. */
export interface KnownPerson {
  readonly person: Person
  readonly password: string | null
}

export async function personByName(db: Database, name: string): Promise<KnownPerson | undefined> {
  const row = await db
    .selectFrom('people')
    .selectAll()
    .where('nameKey', '=', nameKeyOf(name))
    .executeTakeFirst()
  return row && { person: asPerson(row), password: row.password }
}

export async function passwordOf(db: Database, id: string): Promise<string | null | undefined> {
  return (await db.selectFrom('people').select('password').where('id', '=', id).executeTakeFirst())?.password
}

/** As whom a provider or proxy knows a person; `null`: as nobody. */
export async function subjectOfPerson(db: Database, id: string): Promise<string | null> {
  const row = await db.selectFrom('people').select('subject').where('id', '=', id).executeTakeFirst()
  return row?.subject ?? null
}

export interface PersonChange {
  readonly name?: string
  readonly role?: Role
  readonly password?: string
  /** `null`: nobody vouches any more. */
  readonly subject?: string | null
  /** `null`: may come in again. */
  readonly disabledAt?: string | null
}

export async function updatePerson(db: Database, id: string, change: PersonChange): Promise<void> {
  const { name } = change
  await db
    .updateTable('people')
    .set({ ...change, ...(name !== undefined && { nameKey: nameKeyOf(name) }) })
    .where('id', '=', id)
    .execute()
  if (name !== undefined) {
    await db
      .updateTable('listeners')
      .set({ name })
      .where('id', 'in', (query) => query.selectFrom('people').select('listener').where('id', '=', id))
      .execute()
  }
}

/** Whether others than `id` are admins who may come in. */
export async function hasOtherAdmin(db: Database, id: string): Promise<boolean> {
  const found = await db
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabledAt', 'is', null)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/**
 * Removes a person with all that is theirs: sessions, tokens, feeds, positions, bookmarks, settings, what they keep to
 * themselves. Of the first one the listener stays without feeds, for whoever comes without an account.
 */
export async function deletePerson(commit: Database, { id, listener }: Person): Promise<void> {
  // Nobody else is to see them now.
  for (const novelId of await keptBy(commit, listener)) await hideNovel(commit, novelId)
  await deleteFeedsOf(commit, listener)
  await commit.deleteFrom('people').where('id', '=', id).execute()
  if (listener !== firstListener) await commit.deleteFrom('listeners').where('id', '=', listener).execute()
}

export function asPerson(row: Selectable<Tables['people']>): Person {
  const { id, name, role, listener, password, subject, createdAt, disabledAt } = row
  return {
    id,
    name,
    role,
    listener,
    hasPassword: password !== null,
    isVouchedFor: subject !== null,
    createdAt,
    ...(disabledAt !== null && { disabledAt }),
  }
}
