import { v7 as uuidv7 } from 'uuid'
import type { Person } from '../novel/person.ts'
import type { Database } from '../storage/database-tables.ts'
import { insertAudit } from '../storage/queries/audit-queries.ts'
import { type Caller, personOf } from './callers.ts'

/** What is written down, by code. */
export type AuditAction =
  | 'setup'
  | 'sign-in'
  | 'sign-in.failed'
  | 'password.changed'
  | 'invitation.made'
  | 'invitation.revoked'
  | 'invitation.used'
  | 'reset.made'
  | 'reset.used'
  | 'person.added'
  | 'person.role'
  | 'person.renamed'
  | 'person.disabled'
  | 'person.enabled'
  | 'person.deleted'
  | 'subject.connected'
  | 'subject.disconnected'
  | 'sessions.ended'
  | 'token.made'
  | 'token.revoked'
  | 'admin'

/** By whom, and from where. */
export interface Doer {
  readonly caller: Caller
  readonly address: string
}

/** The same, by a person who is known only now. */
export function doneBy(person: Person, doer: Doer): Doer {
  return { ...doer, caller: { kind: 'person', person } }
}

/** `db`: the transaction of what it tells. `subject`: to what it was done, in words; never a secret. */
export async function writeAudit(
  db: Database,
  { caller, address }: Doer,
  action: AuditAction,
  subject: string,
): Promise<void> {
  const person = personOf(caller)
  await insertAudit(db, {
    id: uuidv7(),
    at: new Date().toISOString(),
    person: person?.id ?? null,
    personName: person?.name ?? (caller.kind === 'token' ? `token ${caller.token.name}` : caller.kind),
    action,
    subject: subject.slice(0, 500),
    address,
  })
}
