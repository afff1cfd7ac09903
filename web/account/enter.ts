import { base } from '../base.ts'
import { sendUnsent } from '../offline/listener-outbox.ts'
import { type AccountPerson, accountApi } from './account-api.ts'
import { recalledPerson } from './account-state.ts'
import { haveReturned } from './away.ts'
import { signedOutPath } from './provider-button.tsx'
import { forgetPerson } from './forget-device.ts'

/**
 * Begins the page anew for a person who has just come in, so that nothing of what another one saw stays in its memory.
 * What the browser keeps stays if it is theirs.
 */
export async function enterAs(
  person: AccountPerson,
  path = location.pathname + location.search,
): Promise<void> {
  const before = recalledPerson()
  if (before && before.id !== person.id) await forgetPerson()
  haveReturned()
  location.assign(path)
}

/**
 * Signs out. What was not sent yet is sent first; then the browser keeps nothing of this person. `ofProvider`: it goes on to the
 * provider's page, to sign out there too.
 */
export async function leave(ofProvider = false): Promise<void> {
  await sendUnsent()
  const page = await accountApi.signOut(ofProvider)
  await forgetPerson()
  const here = `${base}${signedOutPath}${ofProvider ? '&failed=provider-stays' : ''}`
  location.assign(page ?? here)
}
