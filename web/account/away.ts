import { recall, remember } from '../element/stored.ts'

const stored = 'away'

/**
 * Whether this browser has left for the provider that signs people in. Who comes back may be somebody else: until it is
 * known who did, nothing is sent that the one before has left unsent.
 */
export function isAway(): boolean {
  return recall(stored) === true
}

/** Called before the provider's page is opened. */
export function leaveForProvider(): void {
  remember(stored, true)
}

/** It is known who is here. */
export function haveReturned(): void {
  if (isAway()) remember(stored, null)
}
