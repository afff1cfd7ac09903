import { writeWav } from '../src/audio/codec/wav.ts'
import { addSpeechServer, removeSpeechServer } from '../src/jobs/backends/speech-server-registry.ts'
import { removeInstalledVoice } from '../src/jobs/voices/voice-installation.ts'
import type { InstalledVoice } from '../src/novel/installed-voice.ts'
import { voiceKeys } from '../src/storage/object-keys.ts'
import { insertVoice } from '../src/storage/queries/voice-queries.ts'
import { type BackendWorld, speechBackendContract } from './contracts/speech-backend-contract.ts'
import { type Answer, hangsUp, oddSpeechServer, sends, sendsJson } from './program/fake-speech-server.ts'
import { hum } from './program/faulty-engine.ts'
import { startApplication } from './program/in-process-application.ts'

const installed: InstalledVoice = {
  id: 'piper:hummer',
  family: 'piper',
  name: 'Hummer',
  language: 'en-US',
  speakers: [],
  source: 'file',
  folder: 'hummer',
  configured: false,
  checksum: 'a'.repeat(64),
  bytes: 4,
  gain: 1,
  pace: 1,
  createdAt: '2026-11-29T12:00:00.000Z',
}

speechBackendContract('of the speech workers', async (): Promise<BackendWorld> => {
  const here = await startApplication({
    workerModule: new URL('./program/installed-voice-worker.ts', import.meta.url),
    work: false,
    settings: { NIGHTJAR_SPEAKERS: '2' },
  })
  const { application } = here
  const { db, objects, voices, backends } = application
  const { model } = voiceKeys(installed.folder)
  const bringFile = () => objects.put(model, Buffer.from('onnx'))
  await bringFile()
  await insertVoice(db, installed)
  await voices.reload()
  return {
    voice: installed.id,
    backend: () => backends.of(installed.id),
    trouble: async () => {
      await objects.delete([model])
      return { [Symbol.asyncDispose]: bringFile }
    },
    removeVoice: async () => {
      await removeInstalledVoice(application, installed.id, undefined)
    },
    [Symbol.asyncDispose]: () => here[Symbol.asyncDispose](),
  }
})

/** Lists a voice, and hums as long as the text. */
const speaks: Answer = (response, heard) => {
  if (heard.path.endsWith('/voices')) return sendsJson(200, { voices: ['bella'] })(response, heard)
  const text = String(heard.body?.['input'])
  if (text.includes('refuses')) return sendsJson(400, { error: 'I will not say that' })(response, heard)
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return sends(writeWav(hum(letters / 15), 24_000))(response, heard)
}

speechBackendContract('of a speech server', async (): Promise<BackendWorld> => {
  const stack = new AsyncDisposableStack()
  const desk = stack.use(await oddSpeechServer(speaks))
  const { application } = stack.use(await startApplication({ work: false }))
  await addSpeechServer(application, { title: 'Desk PC', address: desk.address, parallel: 3 })
  const voice = 'server:desk-pc:bella'
  return {
    voice,
    backend: () => application.backends.of(voice),
    trouble: async () => {
      desk.answer(hangsUp)
      return { [Symbol.asyncDispose]: async () => desk.answer(speaks) }
    },
    removeVoice: async () => {
      await removeSpeechServer(application, 'desk-pc', undefined)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
})
