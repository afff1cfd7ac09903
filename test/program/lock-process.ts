import { InProcessLock } from '../../src/storage/in-process/in-process-lock.ts'
import { PostgresLock } from '../../src/storage/postgres/postgres-lock.ts'

// Holds a lock of a database until it is killed. Arguments: the address of the database, the lock's name.
const [url = '', name = ''] = process.argv.slice(2)
const lock = await PostgresLock.open(url, new InProcessLock())
await lock.acquire(name)
console.log('held')
setInterval(() => undefined, 60_000)
