import { writeWav } from '../../src/audio/codec/wav.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { insertServer } from '../../src/storage/queries/speech-server-queries.ts'
import { type Answer, sends, sendsJson } from './fake-speech-server.ts'
import { hum } from './faulty-engine.ts'

/** Lists these voices, and speaks with a hum as long as the text. */
export function hums(...voices: readonly string[]): Answer {
  return (response, heard) => {
    if (heard.path.endsWith('/voices')) return sendsJson(200, { voices })(response, heard)
    const { length } = String(heard.body?.['input'])
    return sends(writeWav(hum(length / 15), 24_000))(response, heard)
  }
}

/** Enters the speech server “Desk PC” with these voices, `server:desk:VOICE`, without asking it for them. */
export async function insertDesk(db: Database, address: string, ...voices: readonly string[]): Promise<void> {
  const server = {
    name: 'desk',
    title: 'Desk PC',
    address,
    model: 'kokoro',
    parallel: 1,
    charactersPerRequest: 4096,
  }
  await insertServer(db, { server, voices, voicesListed: false }, () => 'desk')
}
