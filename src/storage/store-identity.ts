import { randomUUID } from 'node:crypto'
import { type ObjectStore, readObject } from './object-store.ts'

const key = 'store/identity'

/**
 * Identifies an object store, whatever it is called: a random text in it, which is written if there is none.
 * Two that begin at the same time must exclude each other.
 */
export async function storeIdentity(objects: ObjectStore): Promise<string> {
  const known = await readObject(objects, key)
  if (known && known.length > 0) return known.toString()
  const identity = randomUUID()
  await objects.put(key, Buffer.from(identity))
  return identity
}
