import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ClipboardPaste } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { useLocation } from 'wouter'
import { api } from '../api.ts'
import { FormDialog } from '../element/form-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { upload } from './upload.ts'
import './paste-text.css'

/** A text from the clipboard as a book. */
export function PasteText() {
  return (
    <FormDialog
      firm
      trigger={
        <Button className="button">
          <ClipboardPaste size={18} aria-hidden="true" /> <Trans>Paste a text</Trans>
        </Button>
      }
      title={t`A text of your own`}
    >
      {(onDone) => <PasteForm onDone={onDone} />}
    </FormDialog>
  )
}

function PasteForm({ onDone }: { readonly onDone: () => void }) {
  const client = useQueryClient()
  const [, goTo] = useLocation()
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const add = useMutation({
    mutationFn: async () => {
      const name = title.trim()
      const { novel, known } = await upload(
        new File([text], `${name === '' ? t`Pasted text` : name}.txt`, { type: 'text/plain' }),
        () => undefined,
      )
      // A text names itself by its first line, if that looks like a title.
      if (name !== '' && !known && novel.title !== name) await api.patchNovel(novel.id, { title: name })
      return novel.id
    },
    onSuccess: async (id) => {
      await client.invalidateQueries({ queryKey: keys.novels })
      onDone()
      goTo(`/novels/${id}`)
    },
  })
  const idle = add.isPending || text.trim() === ''
  return (
    <form
      className="paste-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!idle) add.mutate()
      }}
    >
      <label>
        <span>{t`Title, if it shall have one of yours`}</span>
        <input
          type="text"
          maxLength={200}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <label>
        <span>{t`Text`}</span>
        <textarea rows={10} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      {add.isError && <Trouble error={add.error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
        <PushButton type="submit" className="button main" idle={idle}>
          {add.isPending ? t`Reading it…` : t`Put it on the shelf`}
        </PushButton>
      </div>
    </form>
  )
}
