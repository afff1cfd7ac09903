import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { AudioLines } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { useMay } from '../account/account-state.ts'
import { useMayChange } from '../account/may-change.ts'
import { api } from '../api.ts'
import { figure } from '../element/figure-words.ts'
import { languageName, primaryLanguage } from '../element/language-name.ts'
import { Loading, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { RemadeLine } from '../plan/plan-line.tsx'
import { useVoices } from '../queries.ts'
import { findVoice } from '../voices/find-voice.ts'
import { isPlain, keepPlain } from './plain-voice.ts'
import { renewReading } from './renew-reading.ts'
import { useSample } from './use-sample.ts'
import { VoiceList } from './voice-list.tsx'
import { naturalHere, voiceDetails } from './voice-groups.ts'
import '../element/dialog.css'
import { useVoiceName } from '../voices/use-voice-name.ts'
import './voice.css'

/** Says who reads the novel, and opens the choice of voices for who may choose. */
export function VoiceChooser({ novel }: { readonly novel: Novel }) {
  const voices = useVoices()
  const voice = findVoice(voices.data, novel.voice)
  const name = useVoiceName(novel.voice)
  const mayChange = useMayChange(novel)
  const [open, setOpen] = useState(false)
  const now = (
    <>
      <AudioLines size={20} aria-hidden="true" />
      <span>
        <span className="unseen">
          {mayChange ? <Trans>Choose a voice. Now read by</Trans> : <Trans>Read by</Trans>}{' '}
        </span>
        <strong>{name ?? novel.voice ?? t`No voice yet`}</strong>
        <span className="figures">
          {voice ? voiceDetails(voice) : mayChange && t`Choose who reads it`}
          {novel.speed !== 1 && ` · ${t`speed ${figure(novel.speed)}`}`}
        </span>
      </span>
    </>
  )
  if (!mayChange) return <div className="voice-now">{now}</div>
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="voice-now">{now}</Button>
      <ModalOverlay className="veil" isDismissable>
        <Modal className="modal wide">
          <Dialog className="dialog voice-dialog">
            <Heading slot="title">
              <Trans>Who reads it?</Trans>
            </Heading>
            {voices.isPending && <Loading words={t`Asking which voices can speak…`} />}
            {voices.isError && <Trouble error={voices.error} onRetry={() => void voices.refetch()} />}
            {voices.data && <VoiceForm novel={novel} onDone={() => setOpen(false)} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}

function VoiceForm({ novel, onDone }: { readonly novel: Novel; readonly onDone: () => void }) {
  const voices = useVoices().data ?? []
  const isAdmin = useMay('admin')
  const client = useQueryClient()
  const [voice, setVoice] = useState(novel.voice)
  const [speed, setSpeed] = useState(novel.speed)
  const sample = useSample(novel.language)
  const language = primaryLanguage(novel.language)
  const save = useMutation({
    mutationFn: () => api.patchNovel(novel.id, { voice, speed }),
    onSuccess: async () => {
      // Who chooses a plain voice is not asked whether a natural one shall read.
      const natural = naturalHere(voices, novel.language)
      if (voice !== null && isPlain(voice) && natural) keepPlain(novel.id, natural.id)
      onDone()
      await renewReading(client, novel.id)
    },
  })
  const changed = voice !== novel.voice || speed !== novel.speed
  return (
    <>
      <VoiceList
        voices={voices}
        language={novel.language}
        chosen={voice}
        sample={sample}
        speed={speed}
        onChoose={setVoice}
      />
      {isAdmin && (
        <Link className="more-voices" href={`/voices?language=${language}`}>
          <Trans>More voices for {languageName(language)}</Trans>
        </Link>
      )}
      <label className="speed">
        <span>
          <Trans>Speaking speed</Trans>
        </span>
        <input
          type="range"
          min={0.5}
          max={2}
          step={0.05}
          value={speed}
          aria-valuetext={speedWords(speed)}
          onChange={(event) => setSpeed(Number(event.target.value))}
        />
        <span className="speed-words">{speedWords(speed)}</span>
      </label>
      {changed && novel.segmentsDone > 0 && voice !== null && (
        <>
          <RemadeLine novel={novel} wish={{ voice, speed }} />
          <p className="figures">
            <Trans>
              What is spoken in the present voice is kept, and returns when you choose that voice again.
            </Trans>
          </p>
        </>
      )}
      {save.isError && <Trouble error={save.error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
        <PushButton className="button main" idle={!changed || save.isPending} onClick={() => save.mutate()}>
          {save.isPending ? t`Saving…` : t`Let this voice read`}
        </PushButton>
      </div>
    </>
  )
}

function speedWords(speed: number): string {
  return speed === 1 ? t`a narrator’s pace` : `× ${figure(speed, 2)}`
}
