import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { api } from '../api.ts'
import { AddDialog } from './add-dialog.tsx'
import { upload } from './upload.ts'

/** A text from the clipboard as a book. */
export function PasteDialog({ onClose }: { readonly onClose: () => void }) {
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  async function add(kept: boolean): Promise<string> {
    const name = title.trim()
    const file = new File([text], `${name === '' ? t`Pasted text` : name}.txt`, { type: 'text/plain' })
    const { novel, known } = await upload(file, { kept })
    // A text names itself by its first line, if that looks like a title.
    if (name !== '' && !known && novel.title !== name) await api.patchNovel(novel.id, { title: name })
    return `/novels/${novel.id}`
  }
  return (
    <AddDialog
      title={t`A text of your own`}
      ready={text.trim() !== ''}
      busyWords={t`Reading it…`}
      onAdd={add}
      onClose={onClose}
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
    </AddDialog>
  )
}
