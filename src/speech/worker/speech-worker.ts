import { flushCompileCache } from 'node:module'
import { yieldToOthers } from '../../audio/codec/background-priority.ts'
import { executionProviders } from '../onnx/execution-provider.ts'
import { ModelCache } from '../onnx/model-cache.ts'
import { openEngines } from './engine-registry.ts'
import { serveRequests } from './worker-loop.ts'

// The server and its database answer while every core speaks.
yieldToOthers(10)
const provider = executionProviders.find((one) => one === process.argv[2])
const models = new ModelCache(undefined, provider)
serveRequests(await openEngines(models), models)
// Workers end by being killed, so the compile cache is written now.
flushCompileCache()
