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
  /** ISO 8601. */
  readonly createdAt: string
  /** Left out: may come in. */
  readonly disabledAt?: string
}

/** The key by which a name is unique and found: `Ada` and `ａｄａ ` are one. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
}
