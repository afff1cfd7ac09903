import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { executionProviders } from '../onnx/execution-provider.ts'
import { ModelCache } from '../onnx/model-cache.ts'
import { openEngines } from './engine-registry.ts'
import { serveRequests } from './worker-loop.ts'

// Below the server's priority, so that it answers while every core speaks.
setPriority(10)
const provider = executionProviders.find((one) => one === process.argv[2])
const models = new ModelCache(undefined, provider)
serveRequests(await openEngines(models), models)
// Workers end by being killed, so the compile cache is written now.
flushCompileCache()
