import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import type { CatalogueVoice, Install } from '../../src/http/contract/voice-contract.ts'
import { api } from '../api.ts'
import { FormDialog } from '../element/form-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { sizeWords } from '../element/size-words.ts'
import { keys } from '../keys.ts'
import { renewed } from '../live/apply.ts'
import { describedVoice, qualityWords } from './voice-words.ts'

type Weights = CatalogueVoice['sizes'][number]['weights']

/** Shows whose work a voice is, and installs it. */
export function InstallVoice({ voice }: { readonly voice: CatalogueVoice }) {
  return (
    <FormDialog
      trigger={
        <Button className="button small">
          <Trans>Install
          <span className="unseen">
            {' '}
            {voice.name}, {qualityWords(voice.quality)} quality
          </span></Trans>
        </Button>
      }
      title={t`Install ${voice.name}?`}
    >
      {(onDone) => <InstallQuestion voice={voice} onDone={onDone} />}
    </FormDialog>
  )
}

function InstallQuestion({ voice, onDone }: { readonly voice: CatalogueVoice; readonly onDone: () => void }) {
  const client = useQueryClient()
  const [weights, setWeights] = useState(voice.sizes[0]?.weights)
  const chosen = voice.sizes.find((size) => size.weights === weights)
  const card = useQuery({
    queryKey: keys.card(voice.id),
    queryFn: ({ signal }) => api.voiceCard(voice.id, signal),
    staleTime: Infinity,
    // The server has tried several times already.
    retry: false,
  })
  const install = useMutation({
    mutationFn: () => api.install(voice.id, chosen?.weights),
    onSuccess: (accepted) => {
      client.setQueryData<Install[]>(keys.installs, (old = []) => renewed(old, accepted, 'id'))
      // An event may have told of it before: one that failed at once would stay as it was accepted.
      void client.invalidateQueries({ queryKey: keys.installs })
      onDone()
    },
  })
  const licence = voice.licence ?? card.data?.licence
  return (
    <>
      <p className="figures">{describedVoice({ ...voice, licence: null })}</p>
      <p className="licence">
        {licence
          ? t`Licence: ${licence.replace(/^Unknown$/, 'unknown')}`
          : card.isPending
            ? t`Its licence stands on its card.`
            : t`Its card names no licence.`}
      </p>
      {voice.language === 'ja' && (
        <p className="soft">
          <Trans>Japanese is read with a dictionary: in about one sentence of eight a word, mostly a name, gets a wrong reading. The lexicon takes readings in katakana.</Trans>
        </p>
      )}
      {voice.family === 'kokoro-zh' && (
        <p className="soft">
          <Trans>Mandarin is read with a dictionary and rules: now and then a character, mostly of a name, gets a wrong reading or tone. The lexicon takes pinyin.</Trans>
        </p>
      )}
      <div className="card">
        {card.isPending && <p className="soft"><Trans>Fetching its card…</Trans></p>}
        {card.isError && <p>{card.error.message}</p>}
        {card.data && (card.data.text === null ? <p className="soft"><Trans>It has no card.</Trans></p> : <CardText text={card.data.text} />)}
      </div>
      {weights && <SizeChoice sizes={voice.sizes} weights={weights} onWeights={setWeights} />}
      {install.isError && <Trouble error={install.error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
        <PushButton className="button main" idle={install.isPending} onClick={() => install.mutate()}>
          {install.isPending ? t`One moment…` : t`Install, ${sizeWords(chosen?.bytes ?? voice.bytes)}`}
        </PushButton>
      </div>
    </>
  )
}

/** Which of its sizes a model is fetched in. */
function SizeChoice({
  sizes,
  weights,
  onWeights,
}: {
  readonly sizes: CatalogueVoice['sizes']
  readonly weights: Weights
  readonly onWeights: (weights: Weights) => void
}) {
  const words: Readonly<Record<Weights, string>> = {
    fp16: t`Half precision: sounds as full precision does`,
    fp32: t`Full precision: as it was trained, twice the download`,
    int8: t`Whole numbers: the smallest, and a little rougher`,
  }
  return (
    <fieldset className="model-sizes">
      <legend><Trans>The model, fetched once for all voices of Kokoro</Trans></legend>
      {sizes.map((size) => (
        <label key={size.weights}>
          <input
            type="radio"
            name="weights"
            checked={size.weights === weights}
            onChange={() => onWeights(size.weights)}
          />{' '}
          {words[size.weights]} <span className="figures">{sizeWords(size.bytes)}</span>
        </label>
      ))}
      <p className="soft">
        <Trans>Whichever it is, it takes 330 MB on the disk and some 800 MB of memory in each speaker, and speaks as fast.</Trans>
      </p>
    </fieldset>
  )
}

/** A card may be long: it can be scrolled, by keyboard too. */
function CardText({ text }: { readonly text: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} aria-label={t`The voice’s card`}>
      {text.trim()}
    </pre>
  )
}
