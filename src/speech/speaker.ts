import { setPriority } from 'node:os'
import { openEngines } from './engines.ts'
import { serve } from './serve.ts'

// The server has to answer while every core speaks, so speakers stand back.
setPriority(10)
serve(await openEngines())
