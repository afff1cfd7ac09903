import type { Role } from '../novel/person.ts'

/** Who may come in; part of `Tables`. Of every secret only the SHA-256 is stored. */
export interface AccountTables {
  /** What an admin has set on the page for the whole house; `value` is JSON. */
  houseSettings: { name: string; value: string }
  people: {
    id: string
    name: string
    /** `nameKeyOf` the name; unique. */
    nameKey: string
    role: Role
    /** The password's hash as a PHC string; NULL: none. */
    password: string | null
    /** Issuer and subject of an OpenID provider, or what a proxy says, as JSON (`subjectOf`); NULL: none. Unique. */
    subject: string | null
    listener: string
    createdAt: string
    disabledAt: string | null
  }
  sessions: {
    id: string
    digest: Uint8Array
    person: string
    createdAt: string
    /** To the minute. */
    lastUsedAt: string
    /** It ends then, however much it is used. */
    expiresAt: string
    userAgent: string
    address: string
  }
  /** Secrets that are good for one use: the code of the first start, invitations, new passwords. */
  accountLinks: {
    id: string
    digest: Uint8Array
    kind: 'setup' | 'invite' | 'reset'
    /** Whose password may be set; NULL but for `reset`. */
    person: string | null
    /** Of the person that comes of it. */
    role: Role
    /** Proposed by who invites; empty: none. */
    name: string
    createdAt: string
    expiresAt: string
  }
  /** Wrong passwords, by address and name together. */
  signInFailures: {
    /** Hash of both. */
    digest: Uint8Array
    failures: number
    /** Epoch milliseconds. */
    lastAt: number
    nextAt: number
  }
  /** What was done to accounts and by admins, and by whom; names as they were then. */
  auditLog: {
    id: string
    at: string
    /** NULL: nobody who was known, or the command line. */
    person: string | null
    personName: string
    action: string
    /** What it was done to, in words. */
    subject: string
    address: string
  }
}
