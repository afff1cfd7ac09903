import { z } from 'zod'
import { tokenScopes } from '../../novel/access-token.ts'
import { roles } from '../../novel/person.ts'

// Request and response schemas of accounts.

const time = z.iso.datetime()
const name = z.string().max(300).describe('1 to 100 characters; capitals do not distinguish two of them')
const password = z.string().max(2000).describe('8 to 200 characters')
const role = z.enum(roles)

const person = z.object({
  id: z.string(),
  name: z.string(),
  role: role.describe(
    'a listener listens; an editor also adds, changes and generates; an admin may do everything',
  ),
  hasPassword: z.boolean().describe('whether they can sign in with a password of this server'),
  isVouchedFor: z.boolean().describe('whether they come in by an OpenID provider or a proxy'),
  createdAt: time,
  disabledAt: time.nullable().describe('when they were shut out; null: they may come in'),
})

/** What the page asks first. */
export const accountState = z.object({
  success: z.literal(true),
  state: z
    .enum(['open', 'setup', 'signed-out', 'signed-in'])
    .describe(
      '`open`: nobody signs in here, all may do everything; `setup`: the first admin has to be made, nothing else answers; `signed-out`; `signed-in`: `person` asks',
    ),
  person: person.nullable(),
  mayAdd: z.boolean().describe('whether who asks may add books; a listener for themselves alone'),
  session: z.string().nullable().describe('id of this session; null where a proxy or a token vouches'),
  ways: z
    .object({
      password: z.boolean(),
      provider: z
        .string()
        .nullable()
        .describe('name of an OpenID provider: follow `api/accounts/provider`; null: none'),
      proxy: z.boolean().describe('a proxy tells who asks: there is nothing to sign out of'),
    })
    .describe('how people sign in'),
})

export const oneAccount = z.object({ success: z.literal(true), person })

export const signInBody = z.object({ name, password })

export const signOutQuery = z.object({
  provider: z.enum(['yes']).optional().describe('also of the OpenID provider, on its own page'),
})

export const signedOut = z.object({
  success: z.literal(true),
  page: z
    .string()
    .nullable()
    .describe('where to go to sign out of the provider too, if it was asked for and there is such a page'),
})

export const setupBody = z.object({
  code: z.string().max(100).describe('as it stands in the log of the server, in capitals or not'),
  name,
  password,
})

export const passwordBody = z.object({ current: password, password })

export const linkBody = z.object({ secret: z.string().max(200).describe('what stands behind # in the link') })

export const link = z.object({
  success: z.literal(true),
  link: z.object({
    kind: z.enum(['invite', 'reset']),
    name: z.string().describe('invite: a proposal, or empty; reset: whose password it sets'),
    role,
    expiresAt: time,
  }),
})

export const followBody = linkBody.extend({ name: name.optional().describe('of an invitation'), password })

const session = z.object({
  id: z.string(),
  current: z.boolean().describe('whether it is the one that asks'),
  userAgent: z.string(),
  address: z.string(),
  createdAt: time,
  lastUsedAt: time.describe('to the minute'),
  expiresAt: time,
})

export const sessionList = z.object({ success: z.literal(true), sessions: z.array(session) })

export const ended = z.object({ success: z.literal(true), ended: z.number().int() })

const scopes = z
  .array(z.enum(tokenScopes))
  .min(1)
  .max(tokenScopes.length)
  .describe(
    '`read`: see the library; `listen`: also hear, take along, and positions, bookmarks, settings; `edit`: as an editor; `admin`: as an admin; `speak`: only lend a machine. Never more than its person may',
  )

const accessToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes,
  person: z.string().nullable().describe('id of whose it is; null: of the house, made at the command line'),
  createdAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
})

export const tokenList = z.object({ success: z.literal(true), tokens: z.array(accessToken) })

export const tokenBody = z.object({
  name: z.string().max(100).regex(/\S/, 'a name has 1 to 100 characters').describe('what it is for'),
  scopes,
})

export const tokenMade = z.object({
  success: z.literal(true),
  token: accessToken,
  secret: z.string().describe('shown this once; `Authorization: Bearer`, or a password of Basic'),
})

export const idParams = z.object({ id: z.string().max(100) })

export const peopleList = z.object({
  success: z.literal(true),
  people: z.array(
    person.extend({
      lastSeenAt: time.nullable(),
      novelsKept: z.number().int().describe('how many novels they alone see; which, nobody else is told'),
    }),
  ),
})

export const personPatch = z.object({
  name: name.optional(),
  role: role.optional(),
  disabled: z.boolean().optional().describe('true: shut out, and all their sessions end'),
})

export const invitationBody = z.object({
  role,
  name: z.string().max(100).default('').describe('a proposal to whoever follows it'),
})

export const madeLink = z.object({
  success: z.literal(true),
  id: z.string(),
  link: z.string().describe('to be handed over; shown this once'),
  expiresAt: time,
})

export const invitationList = z.object({
  success: z.literal(true),
  invitations: z.array(
    z.object({ id: z.string(), name: z.string(), role, createdAt: time, expiresAt: time }),
  ),
})

export const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.string().max(100).optional().describe('id of the last one that was seen'),
})

export const auditList = z.object({
  success: z.literal(true),
  entries: z.array(
    z.object({
      id: z.string(),
      at: time,
      person: z.string().nullable(),
      personName: z.string().describe('as it was then; `nobody`, `console`: the command line'),
      action: z.string(),
      subject: z.string(),
      address: z.string(),
    }),
  ),
})

export const houseRules = z.strictObject({
  listenersAdd: z.boolean().describe('whether listeners may add books, which they alone see'),
})

export const houseRulesAnswer = z.object({ success: z.literal(true), house: houseRules })

export type HouseRules = z.infer<typeof houseRules>
export type AccountState = z.infer<typeof accountState>
export type AccountPerson = z.infer<typeof person>
export type AccountSession = z.infer<typeof session>
export type AccountToken = z.infer<typeof accessToken>
