/** What a token allows. `speak`: leasing segments and handing in their clips, as a speaker machine does. */
export type TokenScope = 'speak'

/** A secret by which a program is known. The secret itself is kept nowhere, only its hash. */
export interface AccessToken {
  readonly id: string
  /** What it was made for, in its owner's words. */
  readonly name: string
  readonly scope: TokenScope
  /** ISO 8601, as all times. */
  readonly createdAt: string
  /** To the minute; left out: never. */
  readonly lastUsedAt?: string
  /** Left out: it is good. */
  readonly revokedAt?: string
}
