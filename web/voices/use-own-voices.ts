import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { addresses } from '../api.ts'
import { sendForm } from '../element/send-form.ts'
import { type Send, type Sending, useSendings } from '../element/use-sendings.ts'
import { keys } from '../keys.ts'
import { isStyle, type VoiceFiles, voicesAmong } from './voice-files.ts'

export type OwnVoice = Sending<VoiceFiles, Voice>

/** A person's own voices on their way in, one after the other. */
export function useOwnVoices() {
  const client = useQueryClient()
  const { add: addVoices, ...sendings } = useSendings<VoiceFiles, Voice>(
    useCallback<Send<VoiceFiles, Voice>>(
      async (files, onProgress) => {
        const voice = await sendVoice(files, onProgress)
        void client.invalidateQueries({ queryKey: keys.voices })
        return voice
      },
      [client],
    ),
  )
  const add = useCallback((files: Iterable<File>) => addVoices(voicesAmong(files)), [addVoices])
  return { ...sendings, add }
}

async function sendVoice(
  { model, parts = [], config, name }: VoiceFiles,
  onProgress: (share: number) => void,
): Promise<Voice> {
  const isAlone = !model && parts.length === 0
  if (isAlone && !isStyle({ name, ...(config && { config }) }))
    throw new Error(t`${name}.onnx.json describes a voice. Choose its ${name}.onnx together with it.`)
  const form = new FormData()
  if (model) form.append('model', model)
  for (const part of parts) form.append('model', part)
  if (config) form.append('config', config)
  const { answer } = await sendForm(addresses.voiceFiles, form, onProgress)
  return (answer as { voice: Voice }).voice
}
