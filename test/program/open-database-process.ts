import { openDatabase } from '../../src/storage/sqlite/sqlite-database.ts'

/** Opens a database, and so upgrades it, when it has said that it is about to; then waits to be killed. */
const [folder = '', nightjar = '', clips = ''] = process.argv.slice(2)
process.stdout.write('opening\n', () => {
  const before = performance.now()
  openDatabase({ folder, nightjar, clips })
  process.stdout.write(`${performance.now() - before}\n`)
  setInterval(() => undefined, 1000)
})
