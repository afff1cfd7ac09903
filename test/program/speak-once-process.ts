import { openEngines } from '../../src/speech/worker/engine-registry.ts'

/** Run as a process: loads every engine and speaks a sentence with Heart. */
const engines = await openEngines()
const heart = engines.find(({ name }) => name === 'hibari')
await heart?.speak({ text: 'Good evening.', voice: 'hibari:heart', speed: 1, seed: 'seed' })
for (const engine of engines) await engine.close()
