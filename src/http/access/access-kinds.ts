import type { TokenScope } from '../../novel/access-token.ts'
import type { Role } from '../../novel/person.ts'

/** Who asks, as far as the table tells them apart: a person by role, a token by scope, or nobody. */
export type Asking = 'nobody' | Role | `token:${TokenScope}`

export interface Access {
  readonly allowed: ReadonlySet<Asking>
  /** Whether it also answers before there is a first admin. */
  readonly beforeSetup: boolean
}

const everybody = 'nobody listener editor admin token:read token:listen token:edit token:admin token:speak'

/** Kinds of routes. A token allows no more than its person may: both columns have to say yes. */
export const kinds = {
  /** The page, probes, and the ways in. */
  public: access(everybody, { beforeSetup: true }),
  /** Addresses with a secret of their own. */
  feed: access(everybody),
  /** Seeing what there is. */
  library: access('listener editor admin token:read token:listen token:edit token:admin'),
  /** Hearing, taking along, and what is stored by listener. */
  listening: access('listener editor admin token:listen token:edit token:admin'),
  /** What changes the house's books, and its queue. */
  editing: access('editor admin token:edit token:admin'),
  /** Likewise, also for listeners, of whose novels and of whose alone says `kept-novels.ts`: those that they keep to themselves. */
  keeping: access('listener editor admin token:edit token:admin'),
  /** What concerns the whole house: voices, servers, machines, programs, people. */
  house: access('admin token:admin'),
  /** For programs that watch the server. */
  monitoring: access('admin token:read token:admin'),
  /** A person's own account, which no token may change. */
  self: access('listener editor admin'),
  /** For machines that speak; their tokens are asked for by the routes themselves, in every mode. */
  speaker: access('token:speak'),
} as const

function access(allowed: string, { beforeSetup = false } = {}): Access {
  return { allowed: new Set(allowed.split(' ') as Asking[]), beforeSetup }
}
