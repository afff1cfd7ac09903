import { type ReactNode, useRef } from 'react'
import { PushButton } from './push-button.tsx'

interface ChooseFilesProps {
  readonly onFiles: (files: readonly File[]) => void
  /** What the browser offers. */
  readonly accept?: string
  /** A folder with all that is in it; of browsers that have none of that, phones' mostly, no button. */
  readonly folder?: boolean
  /** One file alone. */
  readonly single?: boolean
  /** What was chosen is on its way. */
  readonly idle?: boolean
  readonly className: string
  readonly children: ReactNode
}

/** Of an input for files; React has no type for it. */
const wholeFolder = { webkitdirectory: '' }
const takesFolders = 'webkitdirectory' in HTMLInputElement.prototype

/** A button that has the browser ask for files. */
export function ChooseFiles(props: ChooseFilesProps) {
  const { onFiles, accept, folder = false, single = false, idle = false, className, children } = props
  const input = useRef<HTMLInputElement>(null)
  if (folder && !takesFolders) return null
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple={!single}
        hidden
        accept={accept}
        {...(folder && wholeFolder)}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])])
          target.value = ''
        }}
      />
      <PushButton className={className} idle={idle} onClick={() => input.current?.click()}>
        {children}
      </PushButton>
    </>
  )
}
