import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import { checkCredentials, opdsAddress, type OpdsSource } from '../../novel/opds-source.ts'
import { keptOrChanged } from '../../novel/setting-changes.ts'
import type { Database } from '../../storage/database-tables.ts'
import { insertOpdsSource, opdsSourceById, updateOpdsSource } from '../../storage/queries/opds-queries.ts'
import { removeForNow } from '../../storage/queries/removal-queries.ts'
import { browseCatalogue } from './browse-catalogue.ts'
import type { OpdsPage } from './opds-page.ts'

interface OpdsParts {
  readonly db: Database
}

/** Changes of a catalogue. `null` removes the name or password, `undefined` keeps it. */
export interface OpdsSourceChanges {
  readonly title?: string | undefined
  readonly address?: string | undefined
  readonly user?: string | null | undefined
  readonly password?: string | null | undefined
}

const mostSources = 50

/** Throws `opds.unknown`. */
export async function requireOpdsSource({ db }: OpdsParts, id: string): Promise<OpdsSource> {
  const source = await opdsSourceById(db, id)
  if (!source) throw new Failure('opds.unknown', { id })
  return source
}

/**
 * Adds a catalogue that answers; without a title it has its own. Throws `request.senseless`, `opds.too-many`, and what
 * `browseCatalogue` throws.
 */
export async function addOpdsSource(
  { db }: OpdsParts,
  changes: OpdsSourceChanges & { readonly address: string },
  signal: AbortSignal,
): Promise<OpdsSource> {
  const typed = merged({ id: uuidv7(), title: '', address: '' }, changes)
  const page = await browseCatalogue(typed, { signal })
  const source = { ...typed, title: typed.title || titleOf(page, typed) }
  if (!(await insertOpdsSource(db, source, mostSources)))
    throw new Failure('opds.too-many', { most: mostSources })
  return source
}

/** Changes a catalogue; one whose address or password changes has to answer. Throws `opds.unknown`, and as adding one. */
export async function changeOpdsSource(
  parts: OpdsParts,
  id: string,
  changes: OpdsSourceChanges,
  signal: AbortSignal,
): Promise<OpdsSource> {
  const known = await requireOpdsSource(parts, id)
  const { title: _, ...rest } = changes
  if (Object.values(rest).some((each) => each !== undefined))
    await browseCatalogue(merged(known, changes), { signal })
  const changed = await updateOpdsSource(parts.db, id, (now) => merged(now, changes))
  if (!changed) throw new Failure('opds.unknown', { id })
  return changed
}

/** Removes a catalogue with its password and what is told of its books; what was imported stays. Throws `opds.unknown`. */
export async function removeOpdsSource(parts: OpdsParts, id: string): Promise<string | undefined> {
  const removal = await removeForNow(parts.db, 'opds-source', id)
  if (removal === undefined) throw new Failure('opds.unknown', { id })
  return removal
}

/**
 * Applies changes. A stored name and password belong to the origin that they were entered for, and a password to its name:
 * another one drops them.
 */
function merged(known: OpdsSource, changes: OpdsSourceChanges): OpdsSource {
  const address = changes.address === undefined ? known.address : opdsAddress(changes.address)
  const stays = known.address !== '' && new URL(address).origin === new URL(known.address).origin
  const user = keptOrChanged(stays ? known.user : undefined, changes.user)
  const hasSameUser = stays && user === known.user
  const password =
    user === undefined ? undefined : keptOrChanged(hasSameUser ? known.password : undefined, changes.password)
  checkCredentials(user, password)
  return {
    id: known.id,
    title: changes.title ?? known.title,
    address,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  }
}

function titleOf({ title }: OpdsPage, { address }: OpdsSource): string {
  return title.slice(0, 80).trim() || new URL(address).host
}
