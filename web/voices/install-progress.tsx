import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { Install } from '../../src/http/contract/voice-contract.ts'
import { useMay } from '../account/account-state.ts'
import { api } from '../api.ts'
import { saidWords } from '../i18n/said-words.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { type Tick, ticksOfCount } from '../element/ribbon-model.ts'
import { partWords } from '../element/size-words.ts'
import { keys } from '../keys.ts'
import { renewed } from '../live/apply.ts'
import type { Sample } from '../novel/use-sample.ts'
import { FailedSample, HearButton } from './hear-button.tsx'
import { installWords, isUnderWay } from './shown-installs.ts'

interface InstallProgressProps {
  readonly install: Install
  readonly sample: Sample
  readonly onPutAway: () => void
}

/** How far a voice is on its way, and what can be done about it. */
export function InstallProgress({ install, sample, onPutAway }: InstallProgressProps) {
  const { id, voiceId, name, status, bytesDone, bytesTotal } = install
  const client = useQueryClient()
  const isAdmin = useMay('admin')
  const renew = (now: Install): void => {
    client.setQueryData<Install[]>(keys.installs, (old) => old && renewed(old, now, 'id'))
    void client.invalidateQueries({ queryKey: keys.installs })
  }
  const cancel = useMutation({ mutationFn: () => api.cancelInstall(id), onSuccess: renew })
  const again = useMutation({ mutationFn: () => api.install(voiceId), onSuccess: renew })
  return (
    <div className="install" data-status={status}>
      <p className="install-words figures">
        {installWords(status)}
        {status === 'downloading' && `, ${partWords(bytesDone, bytesTotal)}`}
      </p>
      <div className="install-acts">
        {isAdmin && isUnderWay(install) && (
          <PushButton className="button small" idle={cancel.isPending} onClick={() => cancel.mutate()}>
            <Trans>Cancel<span className="unseen"> the install of {name}</span></Trans>
          </PushButton>
        )}
        {isAdmin && status === 'failed' && (
          <PushButton className="button small" idle={again.isPending} onClick={() => again.mutate()}>
            <Trans>Try again<span className="unseen"> to install {name}</span></Trans>
          </PushButton>
        )}
        {status === 'completed' && <HearButton voice={{ id: voiceId, name }} sample={sample} />}
        {!isUnderWay(install) && (
          <button
            type="button"
            className="icon-button"
            aria-label={t`Put away the note about ${name}`}
            onClick={onPutAway}
          >
            <X size={18} aria-hidden="true" />
          </button>
        )}
      </div>
      {isUnderWay(install) && (
        <Ribbon
          ticks={ticksOf(install)}
          height={8}
          slot={Infinity}
          label={t`${name}: ${partWords(bytesDone, bytesTotal)} here`}
        />
      )}
      {status === 'failed' && (
        <Trouble
          error={
            new Error(
              install.errorMessage === null
                ? t`It was not said why.`
                : saidWords(install.errorMessage, install.errorSaid),
            )
          }
        />
      )}
      {cancel.isError && <Trouble error={cancel.error} />}
      {again.isError && <Trouble error={again.error} />}
      <FailedSample sample={sample} id={voiceId} />
    </div>
  )
}

/** A tick for each hundredth of its bytes; while it is proved it speaks, and the whole ribbon breathes. */
function ticksOf({ status, bytesDone, bytesTotal }: Install): Tick[] {
  if (status === 'proving')
    return Array.from({ length: 100 }, () => ({ spoken: 0, setAside: 0, speaking: true, heard: 0 }))
  return ticksOfCount(100, Math.floor((bytesDone / Math.max(1, bytesTotal)) * 100))
}
