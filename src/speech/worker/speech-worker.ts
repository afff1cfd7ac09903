import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { ModelCache } from '../onnx/model-cache.ts'
import { openEngines } from './engine-registry.ts'
import { serveRequests } from './worker-loop.ts'

// Below the server's priority, so that it answers while every core speaks.
setPriority(10)
const models = new ModelCache()
serveRequests(await openEngines(models), models)
// Workers end by being killed, so the compile cache is written now.
flushCompileCache()
