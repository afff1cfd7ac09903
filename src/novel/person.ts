/** What a person may do: a listener listens, an editor also adds, changes and generates, an admin everything. */
export const roles = ['listener', 'editor', 'admin'] as const

export type Role = (typeof roles)[number]

/** Who has an account, in this program's words: an account is a person's way in. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** Id under which positions, bookmarks, settings and what was heard are stored. */
  readonly listener: string
  /** Whether it has a password here; without one it signs in by a provider, a proxy, or a link. */
  readonly hasPassword: boolean
  /** Whether an OpenID provider or a proxy vouches for it. */
  readonly isVouchedFor: boolean
  /** ISO 8601. */
  readonly createdAt: string
  /** Left out: may come in. */
  readonly disabledAt?: string
}

/** The key by which a name is unique and found: `Ada` and `ａｄａ ` are one. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
}

/** Whom somebody else vouches for: an OpenID provider, or a proxy. */
export interface Vouched {
  /** Who vouches and what they call this person, which never changes; as it is stored. */
  readonly subject: string
  /** What this person may be called. It tells nothing about who they are: anybody may choose any name. */
  readonly name: string
  readonly groups: readonly string[]
}

/** `by`: who vouches; `id`: of the person there. */
export function subjectOf(by: string, id: string): string {
  return JSON.stringify([by, id])
}

/** Whether a subject is of those for whom `by` vouches. */
export function isVouchedBy(subject: string, by: string): boolean {
  return subject.startsWith(`${JSON.stringify([by]).slice(0, -1)},`)
}
