import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { api } from '../api.ts'
import { useMayChange } from '../account/may-change.ts'
import { isKey } from '../element/is-key.ts'
import { languageName } from '../element/language-name.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useFocusBack } from '../element/use-focus-back.ts'
import { keys } from '../keys.ts'
import { changeKnown } from '../live/known.ts'
import type { NovelWithChapters } from '../cached-answers.ts'

/** Title and author, to be read or to be corrected. */
export function NovelHeading({ novel }: { readonly novel: Novel }) {
  const [editing, setEditing] = useState(false)
  const mayEdit = useMayChange(novel)
  const pencil = useRef<HTMLButtonElement>(null)
  useFocusBack(pencil, editing)
  if (editing) return <HeadingForm novel={novel} onDone={() => setEditing(false)} />
  return (
    <div className="novel-heading">
      <h1 lang={novel.language} dir="auto">
        {novel.title}{' '}
        {mayEdit && (
          <button
            ref={pencil}
            type="button"
            className="icon-button"
            aria-label={t`Correct title and author`}
            onClick={() => setEditing(true)}
          >
            <Pencil size={16} aria-hidden="true" />
          </button>
        )}
      </h1>
      <p className="soft">
        <span lang={novel.language} dir="auto">
          {novel.author || t`Author unknown`}
        </span>{' '}
        · {languageName(novel.language)}
      </p>
    </div>
  )
}

function HeadingForm({ novel, onDone }: { readonly novel: Novel; readonly onDone: () => void }) {
  const client = useQueryClient()
  const [title, setTitle] = useState(novel.title)
  const [author, setAuthor] = useState(novel.author)
  const save = useMutation({
    mutationFn: () => api.patchNovel(novel.id, { title: title.trim(), author: author.trim() }),
    onSuccess: async () => {
      changeKnown<NovelWithChapters>(client, keys.novel(novel.id), (known) => ({
        ...known,
        novel: { ...known.novel, title: title.trim(), author: author.trim() },
      }))
      onDone()
      await client.invalidateQueries({ queryKey: keys.novels })
    },
  })
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const leave = (event: KeyboardEvent): void => {
    if (isKey(event, 'Escape')) onDone()
  }
  return (
    <form
      className="novel-heading heading-form"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <label>
        <Trans>Title</Trans>
        <input
          type="text"
          ref={first}
          onKeyDown={leave}
          required
          maxLength={500}
          value={title}
          lang={novel.language}
          dir="auto"
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <label>
        <Trans>Author</Trans>
        <input
          type="text"
          onKeyDown={leave}
          maxLength={500}
          value={author}
          lang={novel.language}
          dir="auto"
          onChange={(event) => setAuthor(event.target.value)}
        />
      </label>
      {save.isError && <Trouble error={save.error} />}
      <div className="heading-actions">
        <PushButton type="submit" className="button main" idle={save.isPending || title.trim() === ''}>
          {save.isPending ? t`Saving…` : t`Save`}
        </PushButton>
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
      </div>
    </form>
  )
}
