import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { openEngines } from './engines.ts'
import { ModelCache } from './model-shelf.ts'
import { serveRequests } from './serve.ts'

// The server has to answer while every core speaks, so speakers stand back.
setPriority(10)
const models = new ModelCache()
serveRequests(await openEngines(models), models)
// Speakers are killed in the end, so what was compiled is kept now, for the next.
flushCompileCache()
