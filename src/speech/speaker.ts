import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { openEngines } from './engines.ts'
import { ModelShelf } from './model-shelf.ts'
import { serve } from './serve.ts'

// The server has to answer while every core speaks, so speakers stand back.
setPriority(10)
const shelf = new ModelShelf()
serve(await openEngines(shelf), shelf)
// Speakers are killed in the end, so what was compiled is kept now, for the next.
flushCompileCache()
