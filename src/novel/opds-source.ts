import { Failure } from './failure.ts'
import { parseTypedAddress } from './typed-address.ts'

/** An OPDS catalogue from which books are fetched. */
export interface OpdsSource {
  readonly id: string
  readonly title: string
  readonly address: string
  /** For Basic authentication (RFC 7617); sent to the origin of `address` only. */
  readonly user?: string
  readonly password?: string
}

/** What became of a book that was asked for. `imported`: also what was on the shelf already. */
export const opdsFetchStates = ['waiting', 'imported', 'failed'] as const
export type OpdsFetchState = (typeof opdsFetchStates)[number]

/** How a book came in: as a novel, as one that was there, or as another version of one. */
export const opdsOutcomes = ['added', 'present', 'version'] as const
export type OpdsOutcome = (typeof opdsOutcomes)[number]

/** The address of a catalogue as typed. Throws `request.senseless`. */
export function opdsAddress(typed: string): string {
  const url = parseTypedAddress(typed, 'https://box.local/opds')
  url.hash = ''
  return url.href
}

/** Throws `request.senseless` for what Basic authentication cannot send; the message contains none of it. */
export function checkCredentials(user: string | undefined, password: string | undefined): void {
  if (user?.includes(':') || /\p{Cc}/u.test(`${user ?? ''}${password ?? ''}`))
    throw new Failure('request.senseless', {
      detail: 'the name or password holds characters that none has here; copy it again',
    })
}
