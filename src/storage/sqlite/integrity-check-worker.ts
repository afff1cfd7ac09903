import { parentPort, workerData } from 'node:worker_threads'
import { fileIntegrityError } from './integrity-check.ts'

// Worker thread: checks one file and posts its first integrity error, or `undefined`.
parentPort?.postMessage(fileIntegrityError(String(workerData)))
