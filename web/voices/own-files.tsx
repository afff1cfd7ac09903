import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Plus, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { mayPass } from '../answer-error.ts'
import { ChooseFiles } from '../element/choose-files.tsx'
import { Trouble } from '../element/page-state.tsx'
import type { Sample } from '../novel/use-sample.ts'
import { FailedSample, HearButton } from './hear-button.tsx'
import type { OwnVoice, useOwnVoices } from './use-own-voices.ts'
import { Told } from '../element/told.tsx'
import '../shelf/shelf.css'

interface OwnFilesProps {
  readonly own: ReturnType<typeof useOwnVoices>
  readonly sample: Sample
}

/** A person's own voices, brought as files. */
export function OwnFiles({ own: { items, add, again, dismiss }, sample }: OwnFilesProps) {
  const section = useArrivals(items.length)
  return (
    <section ref={section} id="files" aria-labelledby="files-title">
      <h2 id="files-title"><Trans>From your files</Trans></h2>
      <p className="soft">
        <Trans>A Piper voice is two files, <code>.onnx</code> and <code>.onnx.json</code>; one of Heart’s family is a single{' '}
        <code>.onnx</code>; one of Kokoro is a <code>.bin</code>, the first with its model, <code>.onnx</code>; of VieNeu and KorvaTTS choose all
        files of the model with a style, <code>.json</code>. Choose them together, or drop them anywhere on this page.</Trans>
      </p>
      <ChooseFiles className="button" accept=".onnx,.json,.bin,.npz" onFiles={add}>
        <Plus size={18} aria-hidden="true" /> <Trans>Choose files</Trans>
      </ChooseFiles>
      {items.length > 0 && (
        <div className="uploads own-voices">
          <ul>
            {items.map((item) => (
              <OwnVoiceItem
                key={item.id}
                item={item}
                sample={sample}
                onAgain={() => again(item.id)}
                onDismiss={() => dismiss(item.id)}
              />
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

/** What was dropped elsewhere on the page is shown where it arrives. */
function useArrivals(count: number) {
  const section = useRef<HTMLElement>(null)
  const before = useRef(count)
  useEffect(() => {
    if (count > before.current) section.current?.scrollIntoView({ block: 'nearest' })
    before.current = count
  }, [count])
  return section
}

interface OwnVoiceItemProps {
  readonly item: OwnVoice
  readonly sample: Sample
  readonly onAgain: () => void
  readonly onDismiss: () => void
}

function OwnVoiceItem({ item: { name, state }, sample, onAgain, onDismiss }: OwnVoiceItemProps) {
  return (
    <li className="upload" data-kind={state.kind}>
      <div className="upload-name">
        <strong>{state.kind === 'done' ? state.result.name : name}</strong>
        <Told className="figures" words={stateWords(state)} />
      </div>
      {state.kind === 'sending' && state.share < 1 && (
        <progress max={1} value={state.share} aria-label={t`Sending ${name}`} />
      )}
      {state.kind === 'refused' && (
        <Trouble error={state.error} {...(mayPass(state.error) && { onRetry: onAgain })} />
      )}
      {state.kind === 'done' && (
        <div className="own-voice-acts">
          <HearButton voice={state.result} sample={sample} />
          <FailedSample sample={sample} id={state.result.id} />
        </div>
      )}
      {(state.kind === 'done' || state.kind === 'refused') && (
        <button
          type="button"
          className="icon-button upload-dismiss"
          aria-label={t`Put away the note about ${name}`}
          onClick={onDismiss}
        >
          <X size={18} aria-hidden="true" />
        </button>
      )}
    </li>
  )
}

function stateWords(state: OwnVoice['state']): string {
  if (state.kind === 'waiting') return t`Waiting for its turn`
  if (state.kind === 'refused') return t`Not taken in`
  if (state.kind === 'done') return t`Here, and ready to read`
  return state.share < 1
    ? t`Sending, ${Math.floor(state.share * 100)} %`
    : t`Being proved: it speaks a text and is listened to`
}
