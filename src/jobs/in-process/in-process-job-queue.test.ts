import { join } from 'node:path'
import { jobQueueContract } from '../../../test/contracts/job-queue-contract.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { openDatabase } from '../../storage/sqlite/sqlite-database.ts'
import { InProcessJobQueue } from './in-process-job-queue.ts'

jobQueueContract('in one process', async () => {
  const { path: folder, [Symbol.asyncDispose]: remove } = await temporaryFolder()
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  const { db } = openDatabase(files)
  const logged: object[] = []
  const queue = new InProcessJobQueue({ error: (details: object) => logged.push(details) })
  return {
    queue,
    db,
    logged,
    close: async () => {
      await queue.stop(0)
      await db.destroy()
      await remove()
    },
  }
})
