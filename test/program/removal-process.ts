import { bringBack, removeForNow } from '../../src/storage/queries/removal-queries.ts'
import { openTestStorage } from './open-storage.ts'

/** Removes a feed and brings it back again and again, and says so by a character each time, until it is killed. */
const [folder = '', subject = ''] = process.argv.slice(2)
const db = await openTestStorage(folder)
const left = await db.selectFrom('removals').select('id').executeTakeFirst()
if (left) await bringBack(db, left.id)
for (;;) {
  const id = await removeForNow(db, 'feed', subject)
  process.stdout.write('-')
  if (id !== undefined) await bringBack(db, id)
  process.stdout.write('+')
}
