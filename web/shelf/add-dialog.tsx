import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { OpenDialog } from '../element/open-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { KeepChoice } from './keep-choice.tsx'
import './add-dialog.css'

interface AddDialogProps {
  readonly title: string
  /** Whether there is something to be added. */
  readonly ready: boolean
  /** What the button says meanwhile. */
  readonly busyWords: string
  /** Adds it, and answers where on this page it is. */
  readonly onAdd: (kept: boolean) => Promise<string>
  readonly onClose: () => void
  /** The fields. */
  readonly children: ReactNode
  /** What stands before the button while it is added, and after. */
  readonly renderProgress?: (adding: { readonly busy: boolean; readonly stopped: boolean }) => ReactNode
  /** Buttons beside it while it is added. */
  readonly actions?: ReactNode
}

/** Adds one book by what is typed, and goes to it: over the page as long as it is rendered. */
export function AddDialog(props: AddDialogProps) {
  const { title, ready, busyWords, onAdd, onClose, children, renderProgress, actions } = props
  const client = useQueryClient()
  const [, goTo] = useLocation()
  const [kept, setKept] = useState(false)
  const add = useMutation({
    mutationFn: () => onAdd(kept),
    onSuccess: async (path) => {
      await client.invalidateQueries({ queryKey: keys.novels })
      onClose()
      goTo(path)
    },
  })
  const idle = add.isPending || !ready
  const stopped = add.error instanceof DOMException && add.error.name === 'AbortError'
  return (
    <OpenDialog firm title={title} onClose={onClose}>
      <form
        className="add-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!idle) add.mutate()
        }}
      >
        {children}
        <KeepChoice kept={kept} onKept={setKept} />
        {renderProgress?.({ busy: add.isPending, stopped })}
        {add.isError && !stopped && <Trouble error={add.error} />}
        <div className="dialog-actions">
          {add.isPending && actions}
          <PushButton type="submit" className="button main" idle={idle}>
            {add.isPending ? busyWords : t`Put it on the shelf`}
          </PushButton>
        </div>
      </form>
    </OpenDialog>
  )
}
