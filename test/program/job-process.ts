import { postgresJobQueue } from './postgres-job-queue.ts'

// Takes one job of the queue and never ends it.

const [url = '', schema = ''] = process.argv.slice(2)
const { queue } = await postgresJobQueue(url, schema)
const worker = queue.work(
  'transcode',
  { concurrency: () => 1, retries: 0, backoffMs: () => 0 },
  async ({ key }) => {
    process.send?.(key)
    await new Promise(() => undefined)
  },
)
worker.wake()
