import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'react-aria-components/Button'
import type { TrashedNovel } from '../../src/http/contract/novel-contract.ts'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { sizeWords } from '../element/size-words.ts'
import { renewTrash, restoreNovel } from '../shelf/offer-restore.ts'
import { settingsApi, useTrash } from './settings-api.ts'

/** Deleted books, which can be had back for 30 days. */
export function Trash() {
  const trash = useTrash()
  return (
    <section aria-labelledby="trash-title" id="trash">
      <h2 id="trash-title">
        <Trans>Trash</Trans>
      </h2>
      {trash.isError && <Trouble error={trash.error} onRetry={() => void trash.refetch()} />}
      {trash.data?.length === 0 && (
        <p className="soft">
          <Trans>It is empty. What you delete stays here for 30 days.</Trans>
        </p>
      )}
      {trash.data !== undefined && trash.data.length > 0 && (
        <ul className="setting-lines">
          {trash.data.map((novel) => (
            <TrashedLine key={novel.id} novel={novel} />
          ))}
        </ul>
      )}
    </section>
  )
}

function TrashedLine({ novel }: { readonly novel: TrashedNovel }) {
  const { id, title, language, bytes, goneAt } = novel
  const client = useQueryClient()
  const restore = useMutation({ mutationFn: () => restoreNovel(client, id) })
  const day = new Intl.DateTimeFormat(i18n.locale, { day: 'numeric', month: 'long' }).format(new Date(goneAt))
  return (
    <li className="setting-line" data-off>
      <h3 lang={language}>{title}</h3>
      <p className="figures">
        {bytes > 0 ? (
          <Trans>
            About {sizeWords(bytes)} of audio. It is deleted for good on {day}.
          </Trans>
        ) : (
          <Trans>It is deleted for good on {day}.</Trans>
        )}
      </p>
      <div className="setting-acts">
        <PushButton className="button small" idle={restore.isPending} onClick={() => restore.mutate()}>
          <Trans>Restore</Trans>
          <span className="unseen"> {title}</span>
        </PushButton>
        <Confirm
          trigger={
            <Button className="button small">
              <Trans>Delete now</Trans>
              <span className="unseen"> {title}</span>
            </Button>
          }
          title={t`Delete “${title}” for good?`}
          action={t`Delete for good`}
          onConfirm={async () => {
            await settingsApi.deleteForGood(id)
            await renewTrash(client)
          }}
        >
          <p>
            <Trans>
              Its audio, its bookmarks and your place in it are deleted now. This cannot be undone.
            </Trans>
          </p>
        </Confirm>
      </div>
      {restore.isError && <Trouble error={restore.error} />}
    </li>
  )
}
