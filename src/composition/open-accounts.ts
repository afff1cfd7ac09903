import { isIP } from 'node:net'
import type { Logger } from 'pino'
import { SetupOffer } from '../accounts/setup-offer.ts'
import type { Settings } from '../config.ts'
import type { AccessControl } from '../http/access/access-control.ts'
import type { Database } from '../storage/database-tables.ts'

interface AccountParts {
  readonly db: Database
  readonly log: Logger
  /** What the commands of this machine send. */
  readonly consoleSecret: string
}

/** How the server knows who asks; `undefined`: nobody is asked. Before there is a first admin a code is written down. */
export async function openAccounts(
  settings: Settings,
  { db, log, consoleSecret }: AccountParts,
): Promise<AccessControl | undefined> {
  if (!asksWhoComes(settings)) return undefined
  const setup = new SetupOffer(db, (code) => {
    const told = `Nobody has an account yet. Open the page and make the first admin with the code ${code}`
    if (log.isLevelEnabled('warn')) log.warn(told)
    // It has to stand somewhere.
    else console.error(told)
  })
  await setup.offer()
  return { db, consoleSecret, offerSetup: () => setup.offer() }
}

/** Whether people have to sign in. */
function asksWhoComes({ NIGHTJAR_AUTH, HOST }: Settings): boolean {
  return NIGHTJAR_AUTH === '' ? !isLoopback(HOST) : NIGHTJAR_AUTH === 'accounts'
}

function isLoopback(host: string): boolean {
  return /^localhost\.?$/i.test(host) || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
