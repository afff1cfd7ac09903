import { t } from '@lingui/core/macro'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import './note-reference.css'

interface NoteReferenceProps {
  readonly mark: string
  readonly note: string
  readonly language: string
}

/** The mark of a note, which opens its words where it stands. */
export function NoteReference({ mark, note, language }: NoteReferenceProps) {
  return (
    <DialogTrigger>
      <Button className="note-reference" aria-label={t`Note ${mark}`}>
        {mark || '*'}
      </Button>
      {/* Within the page's landmark, as the text is. */}
      <Popover
        className="note-popover"
        placement="bottom"
        UNSTABLE_portalContainer={document.getElementById('page') ?? document.body}
      >
        <Dialog className="note-words" aria-label={t`Note ${mark}`} lang={language} dir="auto">
          {note.split('\n').map((line, at) => (
            // A line is nothing but its place in the note.
            // oxlint-disable-next-line react/no-array-index-key
            <p key={at}>{line}</p>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
