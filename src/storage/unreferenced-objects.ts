import { isObjectKey, type ObjectPart, type ObjectStore } from './object-store.ts'

/** The keys of a part by their second step, in its order: a file's name, or the folder of an installed voice. */
export async function keysByName(objects: ObjectStore, part: ObjectPart): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>()
  for await (const { key } of objects.list(`${part}/`)) {
    const name = key.split('/')[1] ?? ''
    const keys = names.get(name)
    if (keys) keys.push(key)
    else names.set(name, [key])
  }
  return new Map([...names].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/**
 * Removes the leftovers recorded in the database, as `covers/NAME`, or `voices/NAME` with all that is below it: a voice
 * only if all of it is there since `before` (epoch milliseconds). The database may be damaged: others are ignored.
 * Returns those that are removed or ignored.
 */
export async function removeLeftovers(
  objects: ObjectStore,
  leftovers: readonly string[],
  before = Infinity,
): Promise<string[]> {
  const removed: string[] = []
  for (const leftover of leftovers) {
    const [part = '', , ...more] = leftover.split('/')
    if (['sources', 'covers', 'voices'].includes(part) && more.length === 0 && isObjectKey(leftover)) {
      const keys: string[] = part === 'voices' ? [] : [leftover]
      let isOld = part !== 'voices' || before === Infinity
      if (part === 'voices') {
        let youngest = -Infinity
        for await (const { key, modifiedAt } of objects.list(`${leftover}/`)) {
          keys.push(key)
          youngest = Math.max(youngest, modifiedAt)
        }
        isOld ||= keys.length > 0 && youngest < before
      }
      if (!isOld) continue
      await objects.delete(keys)
    }
    removed.push(leftover)
  }
  return removed
}

/** A crash may leave this many unreferenced files, even if there are few others. */
const alwaysMovableFiles = 8
const largestShare = 0.25

/**
 * Whether unreferenced files may be moved to the trash. If they are more than a quarter of all, the database is more
 * likely wrong (older, or of another folder) than the files.
 */
export function areFew(unreferenced: number, all: number): boolean {
  return unreferenced <= Math.max(alwaysMovableFiles, all * largestShare)
}

/**
 * Moves those of a part's objects, by name, that are not needed to the trash, if they are few. Returns whether they were
 * moved.
 */
export async function trashUnreferenced(
  objects: ObjectStore,
  all: ReadonlyMap<string, readonly string[]>,
  needed: ReadonlySet<string>,
  now: number,
): Promise<{ readonly names: readonly string[]; readonly moved: boolean }> {
  const names = [...all.keys()].filter((name) => !needed.has(name))
  const moved = areFew(names.length, all.size)
  if (moved) {
    const keys = names.flatMap((name) => all.get(name) ?? [])
    await moveToTrash(objects, keys, now)
  }
  return { names, moved }
}

/**
 * Moves objects to the trash, as `trash/TIME/KEY` with the time `now` (epoch milliseconds), for 30 days. Throws the
 * first error after trying all.
 */
export async function moveToTrash(objects: ObjectStore, keys: readonly string[], now: number): Promise<void> {
  const errors: unknown[] = []
  for (const key of keys) {
    await objects.move(key, `trash/${trashName(now)}/${key}`).catch((error: unknown) => errors.push(error))
  }
  if (errors.length > 0) throw errors[0]
}

const keptDays = 30
const dayMs = 24 * 60 * 60 * 1000

/** Whether what is below a name in the trash has been there for 30 days. `false` for any other name. */
function isTrashExpired(name: string, now: number): boolean {
  const time = /^(\d{4}-\d\d-\d\dT\d\d)\.(\d\d)\.(\d\d\.\d{3}Z)$/.exec(name)
  const at = time ? Date.parse(`${time[1]}:${time[2]}:${time[3]}`) : NaN
  return now - at >= keptDays * dayMs
}

/** `2026-11-29T07.46.39.123Z`: a valid name on every file system. */
export function trashName(now: number): string {
  return new Date(now).toISOString().replaceAll(':', '.')
}

/** Removes objects that have been in the trash for 30 days. Returns how many times of moving were removed. */
export async function emptyTrash(objects: ObjectStore, now: number): Promise<number> {
  const expired = [...(await keysByName(objects, 'trash'))].filter(([name]) => isTrashExpired(name, now))
  for (const [, keys] of expired) await objects.delete(keys)
  return expired.length
}

/** Empties the trash of several stores once a day until it is disposed. */
export function emptyTrashDaily(
  stores: readonly ObjectStore[],
  onError: (error: unknown) => void,
): Disposable {
  const empty = async (): Promise<void> => {
    for (const objects of stores) await emptyTrash(objects, Date.now())
  }
  const timer = setInterval(() => void empty().catch(onError), dayMs).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
