import { useEffect } from 'react'
import { recallObject, remember } from '../element/stored.ts'
import { useVoices } from '../queries.ts'
import { findVoice } from './find-voice.ts'

const store = 'voice-names'

/** What a voice is called; where nobody can be asked, as this browser last knew it. */
export function useVoiceName(id: string | null): string | undefined {
  const known = findVoice(useVoices().data, id)?.name
  useEffect(() => {
    if (id !== null && known !== undefined) remember(store, { ...recallObject(store), [id]: known })
  }, [id, known])
  if (known !== undefined || id === null) return known
  const name: unknown = Object.entries(recallObject(store) ?? {}).find(([each]) => each === id)?.[1]
  return typeof name === 'string' ? name : undefined
}
