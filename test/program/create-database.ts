import { createDatabase } from './test-storage.ts'

const [name = ''] = process.argv.slice(2)
await createDatabase(name)
