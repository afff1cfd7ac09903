import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { isMainThread } from 'node:worker_threads'

// Loaded by `--import` before a program: writes the address of each module that is loaded into the file that
// LOADED_MODULES names, by its main thread.
const file = process.env['LOADED_MODULES']
if (file === undefined) throw new Error('LOADED_MODULES names no file')

registerHooks({
  load(url, context, nextLoad) {
    if (isMainThread) appendFileSync(file, `${url}\n`)
    return nextLoad(url, context)
  },
})
