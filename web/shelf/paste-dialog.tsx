import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../api.ts'
import { OpenDialog } from '../element/open-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { upload } from './upload.ts'
import './paste-dialog.css'

/** A text from the clipboard as a book: over the page as long as it is rendered. */
export function PasteDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <OpenDialog firm title={t`A text of your own`} onClose={onClose}>
      <PasteForm onDone={onClose} />
    </OpenDialog>
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
        <span>{t`Title (optional)`}</span>
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
        <PushButton type="submit" className="button main" idle={idle}>
          {add.isPending ? t`Reading it…` : t`Put it on the shelf`}
        </PushButton>
      </div>
    </form>
  )
}
