import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Bookmark, CheckCheck, RotateCcw } from 'lucide-react'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { markHeard } from './heard-marks.ts'
import './heard-acts.css'

/** Of a whole novel: mark it as heard, forget what was heard, and the way to its bookmarks. */
export function HeardActs({ novel }: { readonly novel: Novel }) {
  const client = useQueryClient()
  const mark = useMutation({ mutationFn: (heard: boolean) => markHeard(client, novel.id, heard) })
  return (
    <>
      <div className="heard-acts">
        <Link className="button small" href={`/novels/${novel.id}/bookmarks`}>
          <Bookmark size={16} aria-hidden="true" /> {t`Bookmarks`}
        </Link>
        {!novel.finished && (
          <PushButton className="button small" idle={mark.isPending} onClick={() => mark.mutate(true)}>
            <CheckCheck size={16} aria-hidden="true" /> {t`Mark the book as heard`}
          </PushButton>
        )}
        {novel.segmentsHeard > 0 && (
          <PushButton className="button small" idle={mark.isPending} onClick={() => mark.mutate(false)}>
            <RotateCcw size={16} aria-hidden="true" /> {t`Forget what was heard`}
          </PushButton>
        )}
      </div>
      {mark.isError && <Trouble error={mark.error} />}
    </>
  )
}
