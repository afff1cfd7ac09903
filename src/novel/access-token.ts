/**
 * What a token allows. `read`: seeing the library and what is going on; `listen`: also hearing, taking along, and what is
 * stored by listener; `edit`: what an editor may; `admin`: what an admin may; `speak`: leasing segments and handing in
 * their clips, as a speaker machine does, and nothing else.
 */
export const tokenScopes = ['read', 'listen', 'edit', 'speak', 'admin'] as const

export type TokenScope = (typeof tokenScopes)[number]

/** A secret by which a program is known. The secret itself is kept nowhere, only its hash. */
export interface AccessToken {
  readonly id: string
  /** What it was made for, in its owner's words. */
  readonly name: string
  readonly scopes: readonly TokenScope[]
  /** Id of the person whose it is, beyond whose role it allows nothing; left out: of the house. */
  readonly person?: string
  /** ISO 8601, as all times. */
  readonly createdAt: string
  /** To the minute; left out: never. */
  readonly lastUsedAt?: string
  /** Left out: it is good. */
  readonly revokedAt?: string
}
