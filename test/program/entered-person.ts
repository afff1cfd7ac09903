import { addPerson } from '../../src/accounts/account-links.ts'
import { beginSession } from '../../src/accounts/sessions.ts'
import type { Application } from '../../src/jobs/application.ts'
import type { Person, Role } from '../../src/novel/person.ts'
import { Browser } from './account-browser.ts'
import type { Api } from './api-client.ts'

interface Here {
  readonly application: Pick<Application, 'db'>
  readonly api: Api
}

/** Somebody new, with a browser in which they are signed in. */
export async function enteredPerson(
  { application: { db }, api }: Here,
  name: string,
  role: Role,
): Promise<{ readonly browser: Browser; readonly person: Person }> {
  const person = await addPerson(db, { name, role }, async () => undefined)
  const { secret } = await beginSession(db, person, { address: '', userAgent: '' })
  const browser = new Browser(api.address)
  browser.cookie = `nightjar=${secret}`
  return { browser, person }
}
