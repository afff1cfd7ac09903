import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { openEngines } from './engine-registry.ts'
import { ModelCache } from '../onnx/model-cache.ts'
import { serveRequests } from './worker-loop.ts'

// The server has to answer while every core speaks, so speakers stand back.
setPriority(10)
const models = new ModelCache()
serveRequests(await openEngines(models), models)
// Speakers are killed in the end, so what was compiled is kept now, for the next.
flushCompileCache()
