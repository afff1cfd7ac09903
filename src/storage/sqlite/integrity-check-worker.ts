import { parentPort, workerData } from 'node:worker_threads'
import { fileIntegrityError } from './integrity-check.ts'

// A thread that looks through one file and says what is wrong with it.
parentPort?.postMessage(fileIntegrityError(String(workerData)))
