import { type QueryClient, useQuery } from '@tanstack/react-query'
import type {
  AccountPerson,
  AccountSession,
  AccountState,
  AccountToken,
  HouseRules,
} from '../../src/http/contract/account-contract.ts'
import { get, query, send } from '../api.ts'
import { base } from '../base.ts'
import { keys } from '../keys.ts'

const accounts = `${base}/api/accounts`

export type Role = AccountPerson['role']
export type TokenScope = AccountToken['scopes'][number]

export interface AccountLink {
  readonly kind: 'invite' | 'reset'
  readonly name: string
  readonly role: Role
  readonly expiresAt: string
}

/** To be handed over; it is told this once. */
export interface MadeLink {
  readonly id: string
  readonly link: string
  readonly expiresAt: string
}

export interface Invitation {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly createdAt: string
  readonly expiresAt: string
}

export type SeenPerson = AccountPerson & {
  readonly lastSeenAt: string | null
  /** How many books they alone see. */
  readonly novelsKept: number
}

export interface AuditEntry {
  readonly id: string
  readonly at: string
  readonly personName: string
  readonly action: string
  readonly subject: string
  readonly address: string
}

export interface Credentials {
  readonly name: string
  readonly password: string
}

type WithPerson = Promise<{ readonly person: AccountPerson }>

export const accountApi = {
  setUp: (wishes: Credentials & { readonly code: string }): WithPerson =>
    send('POST', `${accounts}/setup`, wishes),
  signIn: (credentials: Credentials): WithPerson => send('POST', `${accounts}/sign-in`, credentials),
  /** Answers where to go to sign out of the provider too; `null`: nowhere. */
  signOut: async (ofProvider: boolean) =>
    (
      await send<{ page: string | null }>(
        'POST',
        `${accounts}/sign-out${ofProvider ? '?provider=yes' : ''}`,
        {},
      )
    ).page,
  lookAt: async (secret: string) =>
    (await send<{ link: AccountLink }>('POST', `${accounts}/links/look`, { secret })).link,
  follow: (wishes: { secret: string; name?: string; password: string }): WithPerson =>
    send('POST', `${accounts}/links/follow`, wishes),
  changePassword: (current: string, password: string) =>
    send('PUT', `${accounts}/password`, { current, password }),
  connectProvider: async () =>
    (await send<{ address: string }>('POST', `${accounts}/provider/connect`, {})).address,
  disconnectProvider: () => send('DELETE', `${accounts}/provider/connect`),
  endSession: (id: string) => send('DELETE', `${accounts}/sessions/${id}`),
  endOtherSessions: () => send('DELETE', `${accounts}/sessions`),
  makeToken: (name: string, scopes: readonly TokenScope[]) =>
    send<{ token: AccountToken; secret: string }>('POST', `${accounts}/tokens`, { name, scopes }),
  revokeToken: (id: string) => send('DELETE', `${accounts}/tokens/${id}`),
  changePerson: (id: string, change: { name?: string; role?: Role; disabled?: boolean }): WithPerson =>
    send('PATCH', `${accounts}/people/${id}`, change),
  removePerson: (id: string) => send('DELETE', `${accounts}/people/${id}`),
  offerReset: (id: string) => send<MadeLink>('POST', `${accounts}/people/${id}/reset`, {}),
  invite: (role: Role, name: string) => send<MadeLink>('POST', `${accounts}/invitations`, { role, name }),
  takeBack: (id: string) => send('DELETE', `${accounts}/invitations/${id}`),
  changeHouse: (rules: HouseRules) => send('PATCH', `${base}/api/house`, rules),
  audit: async (before: string | undefined, signal: AbortSignal) =>
    (
      await get<{ entries: AuditEntry[] }>(
        `${accounts}/audit?${query({ limit: auditPage, before: before ?? '' })}`,
        signal,
      )
    ).entries,
} as const

/** So many lines of the log at once. */
export const auditPage = 50

export function useSessions() {
  return useQuery({
    queryKey: keys.sessions,
    queryFn: async ({ signal }) =>
      (await get<{ sessions: AccountSession[] }>(`${accounts}/sessions`, signal)).sessions,
  })
}

export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: async ({ signal }) =>
      (await get<{ tokens: AccountToken[] }>(`${accounts}/tokens`, signal)).tokens,
  })
}

export function usePeople() {
  return useQuery({
    queryKey: keys.people,
    queryFn: async ({ signal }) => (await get<{ people: SeenPerson[] }>(`${accounts}/people`, signal)).people,
  })
}

/** What an admin sees of people: each change of one shows in the log too. */
export async function renewPeople(client: QueryClient): Promise<void> {
  await Promise.all(
    [keys.people, keys.invitations, keys.audit].map((queryKey) => client.invalidateQueries({ queryKey })),
  )
}

export function useHouseRules() {
  return useQuery({
    queryKey: keys.house,
    queryFn: async ({ signal }) => (await get<{ house: HouseRules }>(`${base}/api/house`, signal)).house,
  })
}

export function useInvitations() {
  return useQuery({
    queryKey: keys.invitations,
    queryFn: async ({ signal }) =>
      (await get<{ invitations: Invitation[] }>(`${accounts}/invitations`, signal)).invitations,
  })
}

export type { AccountPerson, AccountSession, AccountState, AccountToken }
