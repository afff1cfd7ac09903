import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'

/**
 * Preloaded into a program (`node --import`): when that ends, it writes the packages of `node_modules` that were loaded as
 * one line of JSON to standard error.
 */
const packages = new Set<string>()
registerHooks({
  load(url, context, nextLoad) {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
    if (name !== undefined) packages.add(name)
    return nextLoad(url, context)
  },
})
process.on('exit', () => writeSync(2, `${JSON.stringify({ packages: [...packages] })}\n`))
